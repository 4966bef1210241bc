/* SPDX-License-Identifier: MIT
 *
 * The order in which GNU ld goes through its symbols: that of its hash table. Common symbols, slots
 * of the global offset table and symbol tables come in it. */
#ifndef WELT_SUPPORT_LD_ORDER_H
#define WELT_SUPPORT_LD_ORDER_H

#include "support/names.h"

/* The numbers of all names in that order. */
uint32_t *ld_order(struct arena *arena, const struct names *names);

#endif
