/* SPDX-License-Identifier: MIT
 *
 * What a symbol or a reference means: which atom, and where in it.
 *
 * Requires: every input joined, its symbols' ways to link.globals (symbols.c). Provides: the atom
 * and offset of each definition, once, and from then on the target of whatever asks. */
#include "ask.h"
#include "steps.h"

bool are_commons_of_one(const struct link *link, uint32_t left, uint32_t right)
{
    if (link->form.as_lld || link->atoms[left].input != link->made_input ||
        link->atoms[right].input != link->made_input)
        return false;
    return strcmp(atom_section(link, left)->name, "COMMON") == 0 &&
           strcmp(atom_section(link, right)->name, "COMMON") == 0 &&
           link->made_owner[atom_of(link, left)->section] ==
               link->made_owner[atom_of(link, right)->section];
}

struct target symbol_target(const struct link *link, const struct input *input, uint32_t index)
{
    const struct symbol *symbol = &input->object->symbols[index];
    if (input->globals[index] != NONE)
        return global_target(link, input->globals[index]);
    struct target target = {.global = NONE, .offset = symbol->value};
    if (symbol->home == HOME_ABSOLUTE) {
        target.kind = TARGET_ABSOLUTE;
    } else if (symbol->home == HOME_SECTION && !input->section_gone[symbol->section] &&
               input->object->sections[symbol->section].atom_count) {
        uint64_t rest;
        target.atom = input->first_atom + symbol_atom(input->object, symbol, &rest);
        target.offset = rest;
        target.kind = TARGET_ATOM;
    } else {
        target.kind = TARGET_UNDEFINED;
        target.is_weak = index == 0; /* symbol 0 is no symbol: its value is 0 */
    }
    return target;
}

struct target global_target(const struct link *link, uint32_t index)
{
    const struct global *global = &link->globals.at[index];
    struct target target = {.global = index};
    if (global->state == GLOBAL_SCRIPT) {
        target.kind = TARGET_SCRIPT;
        return target;
    }
    if (global->state <= GLOBAL_WEAK_UNDEFINED || global->state == GLOBAL_COMMON) {
        target.kind = TARGET_UNDEFINED;
        target.is_weak = global->state == GLOBAL_WEAK_UNDEFINED;
        return target;
    }
    target.offset = global->value;
    target.atom = global->atom;
    target.kind = global->atom == NONE ? TARGET_ABSOLUTE : TARGET_ATOM;
    return target;
}

uint32_t assigned_global(const struct link *link, const struct statement *statement)
{
    uint32_t index = strcmp(statement->name, ".") == 0 ? NONE : global_find(link, statement->name);
    if (index == NONE || link->globals.at[index].state != GLOBAL_SCRIPT)
        return NONE;
    bool is_offer = statement->flags & ASSIGN_PROVIDE;
    return is_offer && link->globals.at[index].statement != statement ? NONE : index;
}

/* Finds the atom and offset of every definition once: references ask for them many times. A
 * definition in one of the file's own tables has no atom; it counts as absolute, as its value is
 * all there is. */
static void settle_global(const struct link *link, struct global *global)
{
    const struct input *input = &link->inputs.at[global->input];
    const struct symbol *symbol = &input->object->symbols[global->symbol];
    global->atom = NONE;
    global->value = symbol->value;
    if (symbol->home == HOME_SECTION && input->object->sections[symbol->section].atom_count)
        global->atom = input->first_atom + symbol_atom(input->object, symbol, &global->value);
}

void settle_globals(struct link *link)
{
    for (size_t i = 0; i < link->globals.count; i++) {
        uint8_t state = link->globals.at[i].state;
        if (state == GLOBAL_DEFINED || state == GLOBAL_WEAK_DEFINED)
            settle_global(link, &link->globals.at[i]);
    }
}

/* input/places.c tells how the addend takes part in finding the atom. */
struct target ref_target(const struct link *link, const struct input *input, const struct ref *ref)
{
    const struct object *object = input->object;
    if (!ref->atom || input->section_gone[object->atoms[ref->atom - 1].section]) {
        struct target target = symbol_target(link, input, ref->symbol);
        target.addend = ref->addend;
        return target;
    }
    int64_t bias;
    uint64_t offset = ref_place_in_section(object, ref, &bias);
    struct target target = {.kind = TARGET_ATOM,
                            .global = NONE,
                            .addend = -bias,
                            .atom = input->first_atom + ref->atom - 1,
                            .offset = offset - object->atoms[ref->atom - 1].offset};
    if ((int64_t)offset < 0) {
        target.addend = (int64_t)(offset - (uint64_t)bias);
        target.offset = 0;
    }
    return target;
}
