/* SPDX-License-Identifier: MIT
 *
 * What a budget may name, by name: the image, regions, output sections, objects, symbols, and how
 * much of each is used. Made once, however many budgets there are. */
#ifndef WELT_REPORT_BUDGET_NAMES_H
#define WELT_REPORT_BUDGET_NAMES_H

#include "report/model.h"
#include "support/names.h"

enum { BUDGET_KINDS = BUDGET_SYMBOL + 1 };

struct named_use {
    const char *name;
    uint64_t used;
    bool in_image;      /* takes bytes of the file */
    uint32_t first_row; /* of a symbol */
    uint32_t next;      /* of an object: the next one whose name ends alike, or NONE */
};

struct budget_names {
    const struct report *report;
    struct names names[BUDGET_KINDS];
    LIST(struct named_use) uses[BUDGET_KINDS]; /* by a name's number */
    uint32_t *next_row;                        /* row -> the next of the same symbol, or NONE */
    struct names endings;                      /* of objects' names */
    struct atom_list by_ending;                /* an ending's number -> the first object */
};

/* Requires rows and regions. Memory is the arena's. */
void budget_names_open(struct budget_names *names, const struct report *report,
                       struct arena *arena);

/* NULL: nothing of the kind has the name. An object also goes by the last part of its path, or by
 * its member's name: build/libc.a(memcpy.o), libc.a(memcpy.o) and memcpy.o are one. */
const struct named_use *budget_names_find(const struct budget_names *names, enum budget_kind kind,
                                          const char *name);

/* The first symbol of this name in an object that goes by the other, of `size` bytes: fills in
 * *budget. false: there is none. */
bool budget_names_find_within(const struct budget_names *names, const char *object, size_t size,
                              const char *symbol, struct report_budget *budget);

#endif
