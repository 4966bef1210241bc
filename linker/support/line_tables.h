/* SPDX-License-Identifier: MIT
 *
 * Units and line tables of DWARF 2 to 5, looked through before libdwarf reads them. See
 * line_tables.c. */
#ifndef WELT_SUPPORT_LINE_TABLES_H
#define WELT_SUPPORT_LINE_TABLES_H

#include "support/lines.h"

/* No path is longer (Linux: PATH_MAX). */
enum { LONGEST_SOURCE_PATH = 4096 };

/* What the tables of an object may still have. A table takes away what it has each time that a unit
 * has it; at 0 no more is read. */
struct line_budget {
    uint32_t rows;
    uint32_t names;         /* of folders and files */
    uint32_t steps;         /* of the programs that make rows */
    uint32_t abbreviations; /* and attributes of them, up to the unit's own */
};

/* Whether what the unit at `offset` of .debug_info says of itself is whole and within the budget.
 */
bool line_unit_is_sound(const struct debug_section *sections, size_t count, uint64_t offset,
                        struct line_budget *budget);
/* Whether the table at `offset` of .debug_line is whole and within the budget. */
bool line_table_is_sound(const struct debug_section *sections, size_t count, uint64_t offset,
                         struct line_budget *budget);

#endif
