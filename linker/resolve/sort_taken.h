/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_SORT_TAKEN_H
#define WELT_RESOLVE_SORT_TAKEN_H

#include "link.h"

struct taken_section { /* beside link.taken: which pattern took it */
    uint32_t atom, count;
    const struct section_pattern *pattern; /* NULL: a file name alone */
};

struct taken_list LIST_OF(struct taken_section);

/* Puts what a statement took in the order that its SORT… patterns ask for. */
void sort_taken(struct link *link, const struct statement *statement, struct taken_list *taken);

#endif
