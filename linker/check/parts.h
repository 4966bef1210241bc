/* SPDX-License-Identifier: MIT
 *
 * What an image is made of, by name: the functions and objects in each atom. */
#ifndef WELT_CHECK_PARTS_H
#define WELT_CHECK_PARTS_H

#include "link.h"

struct part {
    const char *name;
    uint64_t size;
    uint32_t input;
    uint32_t order; /* of ties */
};

struct part_list LIST_OF(struct part);

/* Whether a span counts: what the caller asks of each. */
typedef bool part_filter(const struct link *link, const struct span *span, uint32_t argument);

/* Requires the address map. Provides the parts of the atoms that the filter lets through: they add
 * up to those atoms' sizes. */
struct part_list find_parts(struct link *link, part_filter *filter, uint32_t argument);

#endif
