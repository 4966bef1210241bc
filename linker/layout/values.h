/* SPDX-License-Identifier: MIT
 *
 * Expressions of the script after layout: for data statements, which are evaluated when they are
 * written. */
#ifndef WELT_LAYOUT_VALUES_H
#define WELT_LAYOUT_VALUES_H

#include "link.h"

/* The value of a BYTE(…) that stands at `offset` of an output section. *known false: an error was
 * diagnosed. */
int64_t data_value(struct link *link, uint32_t output, uint64_t offset,
                   const struct statement *statement, bool *known);

#endif
