/* SPDX-License-Identifier: MIT
 *
 * The order that SORT gives to what the patterns of one statement took. */
#ifndef WELT_RESOLVE_ORDER_TAKEN_H
#define WELT_RESOLVE_ORDER_TAKEN_H

#include "link.h"

struct taken_section { /* beside link.taken: which pattern took it */
    uint32_t atom, count;
    const struct section_pattern *pattern;
};

struct taken_list LIST_OF(struct taken_section);

/* Requires that they come in the order of the inputs, where they stay when nothing sorts them. */
void order_taken(struct link *link, const struct statement *statement, struct taken_list *taken);

#endif
