/* SPDX-License-Identifier: MIT
 *
 * The order of .eh_frame's records in lld's dialect: every CIE with the FDEs that use it behind it.
 *
 *     a.o   CIE 1  FDE f  CIE 2  FDE g           CIE 1  FDE f  FDE h
 *     b.o   CIE 1  FDE h                   ->    CIE 2  FDE g
 *                                                end
 *
 * Requires: trim_unwind, fold_code. Provides: the lists of what output sections take, with records
 * in their order; those of folded functions are gone. */
#include "ask.h"
#include "steps.h"

#include <stdlib.h>

struct record {
    uint32_t cie, place, atom; /* NONE as the CIE of a terminator: it comes last */
};

struct record_list LIST_OF(struct record);

static int compare_records(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    if (a->cie != b->cie)
        return a->cie < b->cie ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static bool is_record(const struct link *link, uint32_t atom)
{
    return link->atoms[atom].is_live && atom_section(link, atom)->flags & SECTION_UNWIND;
}

static void drop_folded(struct link *link, uint32_t atom)
{
    uint32_t function = atom_is_fde(link, atom) ? unwind_function(link, atom) : NONE;
    if (function == NONE || link->atoms[function].removed != REMOVED_FOLDED)
        return;
    link->atoms[atom].is_live = false;
    link->atoms[atom].removed = REMOVED_FOLDED;
}

static uint32_t group_of(const struct link *link, uint32_t atom)
{
    if (link->atoms[atom].input == link->made_input)
        return NONE;
    return atom_is_fde(link, atom) ? unwind_cie(link, atom) : atom;
}

static void group(struct link *link, struct atom_list *list)
{
    struct record_list records = {0};
    for (size_t i = 0; i < list->count; i++)
        if (is_record(link, list->at[i]))
            drop_folded(link, list->at[i]);
    for (size_t i = 0; i < list->count; i++)
        if (is_record(link, list->at[i]))
            *list_add(&link->arena, &records) =
                (struct record){group_of(link, list->at[i]), (uint32_t)i, list->at[i]};
    if (!records.count)
        return;
    qsort(records.at, records.count, sizeof *records.at, compare_records);
    for (size_t i = 0, next = 0; i < list->count; i++)
        if (is_record(link, list->at[i]))
            list->at[i] = records.at[next++].atom;
}

void group_unwind(struct link *link)
{
    if (!link->form.as_lld)
        return;
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
             s = s->next)
            if (s->kind == STATEMENT_INPUT)
                group(link, &link->taken[s->index]);
        group(link, &output->orphans);
    }
}
