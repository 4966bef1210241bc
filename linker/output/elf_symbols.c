/* SPDX-License-Identifier: MIT
 *
 * The symbol table of an ELF file.
 *
 * Requires: section headers. Provides: elf.symbols, first_global, and where relocations are kept
 * the way from every object's symbols to them. In GNU ld's order:
 *
 *     nothing
 *     a section symbol for each section      when relocations are kept
 *     each object's file name and locals     as far as what they name is in the file; the objects
 *                                            in the order of their first sections
 *     locals of the script (HIDDEN)
 *     globals                                in the order of GNU ld's table (support/ld_order.h)
 *
 * Where each of them lies is for elf_symbol_homes.c to say. */
#include "ask.h"
#include "output/elf.h"
#include "support/folder.h"
#include "support/ld_order.h"

#include <string.h>

static uint32_t add_entry(struct elf *elf, const char *name, size_t size, struct elf_entry entry)
{
    entry.name = strings_add(&elf->strings, name, size);
    *list_add(elf->arena, &elf->symbols) = entry;
    return (uint32_t)elf->symbols.count - 1;
}

/* ---- an object's local symbols ---- */

/* Names that compilers give what nobody need know: `.L5`, `..x`, `_.L_x`. */
static bool is_label(const char *name)
{
    return strncmp(name, ".L", 2) == 0 || strncmp(name, "..", 2) == 0 ||
           strncmp(name, "_.L_", 4) == 0;
}

static bool is_left_out(const struct elf *elf, const struct object *object,
                        const struct symbol *symbol)
{
    welt_discard discard = elf->link->set->given.discard;
    if (elf->link->set->given.strip == WELT_STRIP_ALL)
        return true; /* relocations are kept, or there would be no table */
    bool is_merged = symbol->home == HOME_SECTION && !elf->is_object &&
                     object->sections[symbol->section].native & SHF_MERGE;
    if (discard == WELT_DISCARD_ALL)
        return true;
    const struct names *retained = elf->link->retained;
    if (retained && names_find(retained, symbol->name, symbol->name_size) == NO_NAME)
        return true;
    bool by_label = discard == WELT_DISCARD_LABELS || (discard == WELT_DISCARD_MERGED && is_merged);
    return by_label && symbol->kind != SYMBOL_FILE && is_label(symbol->name);
}

static bool make_local(const struct elf *elf, const struct input *input, uint32_t index,
                       struct elf_entry *entry)
{
    const struct symbol *symbol = &input->object->symbols[index];
    *entry = (struct elf_entry){.info = elf_info(STB_LOCAL, elf_symbol_type(symbol->kind)),
                                .other = symbol->visibility,
                                .size = symbol->size};
    if (symbol->home == HOME_ABSOLUTE && symbol->section)
        return elf_set_home_group(elf, input, symbol, entry);
    if (symbol->kind == SYMBOL_FILE || symbol->home == HOME_ABSOLUTE) {
        elf_set_special(entry, SHN_ABS, symbol->value);
        return true;
    }
    struct target target = symbol_target(elf->link, input, index);
    if (target.kind != TARGET_ATOM || !elf_set_home(elf, target.atom, target.offset, entry))
        return false;
    elf_count_in_thread(elf, entry);
    return true;
}

static void ask_by_relocations(const struct elf *elf, bool *asked)
{
    const struct link *link = elf->link;
    for (uint32_t id = 0; id < link->atom_count; id++) {
        const struct input *input = &link->inputs.at[link->atoms[id].input];
        const struct atom *atom = atom_of(link, id);
        uint64_t offset = 0;
        if (!atom->ref_count || elf_home(elf, id, &offset) != id)
            continue;
        for (uint32_t r = atom->first_ref; r < atom->first_ref + atom->ref_count; r++) {
            uint32_t symbol = input->object->refs[r].symbol;
            if (symbol && input->globals[symbol] != NONE)
                asked[input->globals[symbol]] = true;
        }
    }
}

static void ask_by_groups(const struct link *link, bool *asked)
{
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct object *object = link->inputs.at[i].object;
        for (uint32_t g = 0; g < object->group_count; g++) {
            uint32_t global = global_find(link, object->groups[g].signature);
            if (global != NONE)
                asked[global] = true;
        }
    }
}

static void ask_by_name(const struct link *link, bool *asked)
{
    for (size_t i = 0; i < link->retained->all.count; i++) {
        const struct name *name = &link->retained->all.at[i];
        uint32_t global = names_find(&link->global_names, name->text, name->size);
        if (global != NO_NAME)
            asked[global] = true;
    }
}

/* -q -s, --retain-symbols-file: of the globals only those stay that a relocation or a group names,
 * or the file, and of the locals. */
static const bool *asked_for(const struct elf *elf)
{
    const struct link *link = elf->link;
    bool is_stripped = link->set->given.strip == WELT_STRIP_ALL && !elf->is_object;
    if (!is_stripped && !link->retained)
        return NULL;
    bool *asked = NEW_ARRAY(elf->arena, bool, link->globals.count + 1);
    if (elf->has_relocations)
        ask_by_relocations(elf, asked);
    if (elf->is_object)
        ask_by_groups(link, asked);
    if (link->retained)
        ask_by_name(link, asked);
    return asked;
}

/* Local symbols that kept relocations and groups name are kept too, whatever -x says. */
static void mark_needed(const struct object *object, uint8_t *needed)
{
    for (uint32_t g = 0; g < object->group_count; g++)
        if (object->groups[g].symbol < object->first_global)
            needed[object->groups[g].symbol] = 1;
    for (uint32_t r = 0; r < object->ref_count; r++)
        if (object->refs[r].symbol < object->first_global)
            needed[object->refs[r].symbol] = 1;
}

static const char *file_name(const struct object *object)
{
    return path_last_part(object->member ? object->member : object->path);
}

/* An object that names no source file gets its own name, or its locals would count as those of the
 * object before it. */
static void add_file_name(struct elf *elf, const struct object *object, bool *has_file)
{
    struct elf_entry file = {.info = elf_info(STB_LOCAL, STT_FILE)};
    const char *name = file_name(object);
    elf_set_special(&file, SHN_ABS, 0);
    if (!*has_file && !elf->link->form.as_lld)
        add_entry(elf, name, strlen(name), file);
    *has_file = true;
}

/* Provides whether the object has a file name in the table. */
static bool add_locals(struct elf *elf, uint32_t number)
{
    const struct input *input = &elf->link->inputs.at[number];
    const struct object *object = input->object;
    bool has_file = false;
    uint8_t *needed = NULL;
    if (elf->has_relocations) {
        needed = NEW_ARRAY(elf->arena, uint8_t, object->symbol_count);
        mark_needed(object, needed);
    }
    for (uint32_t i = 1; i < object->first_global; i++) {
        const struct symbol *symbol = &object->symbols[i];
        struct elf_entry entry;
        bool is_left = is_left_out(elf, object, symbol);
        bool is_groups = symbol->home == HOME_ABSOLUTE && symbol->section;
        if (symbol->kind == SYMBOL_SECTION || symbol->binding != BIND_LOCAL ||
            (is_left && !(needed && needed[i])) || !make_local(elf, input, i, &entry))
            continue;
        if (symbol->kind == SYMBOL_FILE)
            has_file = true;
        else if (!is_left || !is_groups)
            add_file_name(elf, object, &has_file);
        uint32_t added = add_entry(elf, symbol->name, symbol->name_size, entry);
        if (elf->symbol_of)
            elf->symbol_of[number][i] = added;
    }
    return has_file;
}

static void note_input(struct input_order *order, uint32_t input)
{
    if (order->is_in[input])
        return;
    order->is_in[input] = true;
    order->inputs[order->count++] = input;
}

/*
 * GNU ld reads an object for its unwind table also where no record of it is left (its
 * elf_discard_info leaves the section in place), unless no later section of this output section has
 * any: the empty ones at the tail are out.
 */
static void note_unwind(const struct elf *elf, struct input_order *order,
                        const struct atom_state *atom, uint32_t owner)
{
    if (!atom->is_live && atom->removed != REMOVED_COMDAT)
        *list_add(elf->arena, &order->emptied) = owner;
    if (!atom->is_live)
        return;
    for (size_t i = 0; i < order->emptied.count; i++)
        note_input(order, order->emptied.at[i]);
    order->emptied.count = 0;
}

static void note_owner(const struct elf *elf, struct input_order *order, uint32_t number)
{
    const struct link *link = elf->link;
    const struct atom_state *atom = &link->atoms[number];
    uint32_t owner = atom->input == link->made_input
                         ? link->made_owner[atom_of(link, number)->section]
                         : atom->input;
    if (!link->form.as_lld && atom_section(link, number)->flags & SECTION_UNWIND)
        note_unwind(elf, order, atom, owner);
    if (atom->is_live)
        note_input(order, owner);
}

struct input_order elf_order_inputs(const struct elf *elf)
{
    const struct link *link = elf->link;
    struct input_order order = {.inputs = NEW_ARRAY(elf->arena, uint32_t, link->inputs.count + 1),
                                .is_in = NEW_ARRAY(elf->arena, bool, link->inputs.count + 1)};
    for (size_t i = 0; i < elf->sections.count; i++) {
        if (elf->sections.at[i].output == NONE)
            continue;
        const struct output *output = &link->outputs.at[elf->sections.at[i].output];
        const struct statement *s = output->statement ? output->statement->body : NULL;
        for (; s; s = s->next)
            for (size_t a = 0; s->kind == STATEMENT_INPUT && a < link->taken[s->index].count; a++)
                note_owner(elf, &order, link->taken[s->index].at[a]);
        for (size_t a = 0; a < output->orphans.count; a++)
            note_owner(elf, &order, output->orphans.at[a]);
        order.emptied.count = 0;
    }
    return order;
}

/* ---- global symbols ---- */

static const char *name_of(const struct elf *elf, uint32_t global, size_t *size)
{
    const struct name *name = &elf->link->global_names.all.at[global];
    *size = name->size;
    return name->text;
}

static void note_wanted(const struct elf *elf, bool *wanted, const char *name)
{
    uint32_t global = name ? global_find(elf->link, name) : NONE;
    if (global != NONE)
        wanted[global] = true;
}

/* Symbols that somebody named outside of the objects: -u, --require-defined, EXTERN, the entry. */
static const bool *named(const struct elf *elf)
{
    const struct link *link = elf->link;
    const welt_options *given = &link->set->given;
    bool *wanted = NEW_ARRAY(elf->arena, bool, link->globals.count + 1);
    for (size_t i = 0; i < given->undefined_count; i++)
        note_wanted(elf, wanted, given->undefined[i]);
    for (size_t i = 0; i < given->required_count; i++)
        note_wanted(elf, wanted, given->required[i]);
    for (size_t i = 0; i < link->script->externs.count; i++)
        note_wanted(elf, wanted, link->script->externs.at[i]);
    if (given->entry || !link->form.shared)
        note_wanted(elf, wanted, given->entry ? given->entry : link->script->entry);
    return wanted;
}

/* `hidden` first, as locals, then the others. */
static void add_globals(struct elf *elf, bool hidden, const uint8_t *visibility,
                        const uint32_t *order)
{
    for (uint32_t n = 0; n < elf->link->globals.count; n++) {
        uint32_t i = order[n];
        struct elf_entry entry;
        size_t size;
        const char *name = name_of(elf, i, &size);
        if (!size || !name[0] || (elf->asked && !elf->asked[i]) ||
            elf_is_hidden(elf, i, visibility) != hidden || !elf_make_global(elf, i, &entry))
            continue;
        entry.other = visibility[i];
        if (hidden)
            elf_hide(elf, visibility[i], &entry);
        uint32_t added = add_entry(elf, name, size, entry);
        if (elf->global_symbols)
            elf->global_symbols[i] = added;
    }
}

/* ---- all ---- */

static void open_ways(struct elf *elf)
{
    const struct link *link = elf->link;
    elf->section_symbols = NEW_ARRAY(elf->arena, uint32_t, link->outputs.count + 1);
    elf->symbol_of = (uint32_t **)arena_array(elf->arena, link->inputs.count, sizeof(uint32_t *));
    elf->global_symbols = NEW_ARRAY(elf->arena, uint32_t, link->globals.count + 1);
    for (size_t i = 0; i < link->inputs.count; i++)
        elf->symbol_of[i] =
            NEW_ARRAY(elf->arena, uint32_t, link->inputs.at[i].object->symbol_count + 1u);
    for (uint32_t i = 1; i < elf->sections.count; i++) {
        const struct elf_header *header = &elf->sections.at[i];
        if (header->output == NONE && header->type != SHT_GROUP)
            continue;
        struct elf_entry entry = {.info = elf_info(STB_LOCAL, STT_SECTION),
                                  .section = i,
                                  .value = elf->is_object ? 0 : header->address};
        uint32_t symbol = add_entry(elf, "", 0, entry);
        if (header->output != NONE)
            elf->section_symbols[header->output] = symbol;
    }
}

static bool any_hidden(const struct elf *elf, const uint8_t *visibility)
{
    for (uint32_t i = 0; i < elf->link->globals.count; i++)
        if ((!elf->asked || elf->asked[i]) && elf_is_hidden(elf, i, visibility))
            return true;
    return false;
}

void elf_make_symbols(struct elf *elf)
{
    const struct link *link = elf->link;
    if (link->set->given.strip == WELT_STRIP_ALL && !elf->has_relocations)
        return;
    unsigned files = 0;
    strings_open(&elf->strings, elf->arena);
    list_reserve(elf->arena, &elf->symbols, link->globals.count + 64);
    add_entry(elf, "", 0, (struct elf_entry){.is_special = true});
    if (elf->has_relocations)
        open_ways(elf);
    elf->asked = asked_for(elf);
    const struct input_order inputs = elf_order_inputs(elf);
    for (uint32_t i = 0; i < inputs.count; i++)
        files += add_locals(elf, inputs.inputs[i]);
    const uint8_t *visibility = narrowest_visibility(link, elf->arena);
    if (files && !link->form.as_lld && any_hidden(elf, visibility)) {
        struct elf_entry nobody = {.info = elf_info(STB_LOCAL, STT_FILE)};
        elf_set_special(&nobody, SHN_ABS, 0);
        add_entry(elf, "", 0, nobody);
    }
    elf->named = named(elf);
    const uint32_t *order = ld_order(elf->arena, &link->global_names);
    add_globals(elf, true, visibility, order);
    elf->first_global = (uint32_t)elf->symbols.count;
    add_globals(elf, false, visibility, order);
}
