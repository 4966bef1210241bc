/* SPDX-License-Identifier: MIT
 *
 * Functions and objects by name and size.
 *
 *     .text of main.o (489 bytes)      small 9, large 323, middle 157
 *
 * With -ffunction-sections an atom is a function. Without, its symbols cut it: a symbol reaches to
 * the next one; labels within a function's declared size are part of the function. Bytes before the
 * first symbol go by the section's name. */
#include "check/parts.h"

#include <stdlib.h>

struct cut {
    const struct symbol *symbol;
    uint32_t atom;
    uint64_t offset; /* in the atom */
};

struct cut_list LIST_OF(struct cut);

static int rank(const struct symbol *symbol)
{
    int kind = symbol->kind == SYMBOL_FUNCTION || symbol->kind == SYMBOL_OBJECT ? 2 : 0;
    return kind + (symbol->binding != BIND_LOCAL);
}

static int compare_cuts(const void *left, const void *right)
{
    const struct cut *a = left, *b = right;
    if (a->atom != b->atom)
        return a->atom < b->atom ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    int order = rank(b->symbol) - rank(a->symbol);
    return order ? order : (a->symbol > b->symbol) - (a->symbol < b->symbol);
}

static void add_cut(struct link *link, const struct input *input, uint32_t index,
                    struct cut_list *cuts)
{
    const struct symbol *symbol = &input->object->symbols[index];
    bool is_name = symbol->home == HOME_SECTION && symbol->kind != SYMBOL_SECTION &&
                   symbol->kind != SYMBOL_FILE && symbol->name_size;
    if (!is_name || !input->object->sections[symbol->section].atom_count)
        return;
    uint64_t rest;
    uint32_t atom =
        input->first_atom + object_atom_at(input->object, symbol->section, symbol->value, &rest);
    if (link->atoms[atom].is_live && rest < atom_of(link, atom)->size)
        *list_add(&link->arena, cuts) = (struct cut){symbol, atom, rest};
}

static struct cut_list find_cuts(struct link *link)
{
    struct cut_list cuts = {0};
    for (size_t i = 0; i < link->inputs.count; i++)
        for (uint32_t s = 1; s < link->inputs.at[i].object->symbol_count; s++)
            add_cut(link, &link->inputs.at[i], s, &cuts);
    if (cuts.count)
        qsort(cuts.at, cuts.count, sizeof *cuts.at, compare_cuts);
    return cuts;
}

static size_t first_cut(const struct cut_list *cuts, uint32_t atom)
{
    size_t low = 0, high = cuts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cuts->at[middle].atom < atom)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_part(struct link *link, struct part_list *parts, const char *name, uint64_t size,
                     uint32_t input)
{
    if (size)
        *list_add(&link->arena, parts) = (struct part){name, size, input, (uint32_t)parts->count};
}

static void cut_atom(struct link *link, uint32_t atom, const struct cut_list *cuts,
                     struct part_list *parts)
{
    const char *name = atom_section(link, atom)->name;
    uint32_t input = link->atoms[atom].input;
    uint64_t from = 0, covered = 0;
    for (size_t i = first_cut(cuts, atom); i < cuts->count && cuts->at[i].atom == atom; i++) {
        const struct cut *cut = &cuts->at[i];
        if (cut->offset < covered || (cut->offset == from && i > first_cut(cuts, atom)))
            continue;
        add_part(link, parts, name, cut->offset - from, input);
        name = cut->symbol->name;
        from = cut->offset;
        covered = cut->offset + cut->symbol->size;
    }
    add_part(link, parts, name, atom_of(link, atom)->size - from, input);
}

struct part_list find_parts(struct link *link, part_filter *filter, uint32_t argument)
{
    struct cut_list cuts = find_cuts(link);
    struct part_list parts = {0};
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->atom != NONE && filter(link, span, argument))
            cut_atom(link, span->atom, &cuts, &parts);
    }
    return parts;
}
