/* SPDX-License-Identifier: MIT
 *
 * .bss that nobody zeroes, and what a walk from the entry says of it. See bss.c. */
#ifndef WELT_CHECK_BSS_H
#define WELT_CHECK_BSS_H

#include "check/walk.h"

struct bss {
    bool in_doubt; /* there is some, and no live code refers to its bounds */
    struct extent extent;
    uint32_t first;      /* atom */
    uint32_t references; /* of live code to it */
    uint32_t compiled;   /* … of them of compiled code */
    uint32_t seen;       /* … that the walk saw, each reading only what was written before */
};

/* Requires the address map. */
struct bss bss_find(struct link *link);
/* Before a walk, and at each of its steps. */
void bss_watch(const struct bss *bss, struct walk *walk);
void bss_look(struct bss *bss, const struct walk *walk, const struct machine *machine,
              const struct step *step);
void bss_tell(const struct bss *bss, struct link *link);

#endif
