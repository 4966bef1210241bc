/* SPDX-License-Identifier: MIT
 *
 * What a span is called.
 *
 * Requires: layout. Provides: for each atom the symbol that names it best (the lowest offset, a
 * function before an object, a global before a local), or NULL; and each input's title. */
#include "ask.h"
#include "steps.h"

static int rank(const struct symbol *symbol)
{
    int kind = symbol->kind == SYMBOL_FUNCTION ? 4 : symbol->kind == SYMBOL_OBJECT ? 2 : 0;
    return kind + (symbol->binding != BIND_LOCAL);
}

static bool names_better(const struct symbol *symbol, const struct symbol *other)
{
    if (!other)
        return true;
    if (symbol->value != other->value)
        return symbol->value < other->value;
    return rank(symbol) > rank(other);
}

static void name_by_symbol(struct link *link, const struct input *input, uint32_t index)
{
    const struct symbol *symbol = &input->object->symbols[index];
    bool is_name = symbol->home == HOME_SECTION && symbol->kind != SYMBOL_SECTION &&
                   symbol->kind != SYMBOL_FILE && symbol->name_size;
    if (!is_name || !input->object->sections[symbol->section].atom_count)
        return;
    uint64_t rest;
    uint32_t atom = input->first_atom + symbol_atom(input->object, symbol, &rest);
    if (rest == 0 && atom_of(link, atom)->size && names_better(symbol, link->atom_names[atom]))
        link->atom_names[atom] = symbol;
}

void name_atoms(struct link *link)
{
    link->atom_names = (const struct symbol **)arena_array(&link->arena, link->atom_count + 1u,
                                                           sizeof *link->atom_names);
    link->titles =
        (const char **)arena_array(&link->arena, link->inputs.count, sizeof *link->titles);
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct object *object = link->inputs.at[i].object;
        link->titles[i] = object_title(&link->arena, object);
        for (uint32_t s = 1; s < object->symbol_count; s++)
            name_by_symbol(link, &link->inputs.at[i], s);
    }
}

const char *atom_name(const struct link *link, uint32_t atom)
{
    const struct symbol *symbol = link->atom_names[atom];
    return symbol ? symbol->name : atom_section(link, atom)->name;
}
