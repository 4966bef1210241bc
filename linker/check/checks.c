/* SPDX-License-Identifier: MIT
 *
 * The checks of boot builds, in their order, and what they ask in common.
 *
 * Requires: the address map; for run_image_checks the image too. Provides: a diagnostic for each
 * thing found. Only what is in the image is looked at: dead code harms nobody. */
#include "check/checks.h"

#include "ask.h"
#include "steps.h"

#include <string.h>

void run_checks(struct link *link)
{
    if (!link->laid_out || link->form.kind == FORM_RELOCATABLE)
        return;
    check_contents(link);
    check_constructors(link);
    if (link->form.kind != FORM_FLAT)
        check_bss(link);
    check_modes(link);
    check_conventions(link);
}

void run_image_checks(struct link *link)
{
    if (link->form.kind != FORM_FLAT || !link->image_size)
        return;
    check_first_sector(link);
    check_start_up(link);
    check_processor(link);
}

/* ---- where a check applies ---- */

static bool has_own_script(const struct link *link)
{
    const welt_options *given = &link->set->given;
    return given->script_path || given->script_text || link->set->face == WELT_FACE_LD;
}

static const char *layout_name(const struct link *link)
{
    const char *name = link->set->given.layout;
    return has_own_script(link) ? "own" : name ? name : "sector";
}

static bool has_word(const char *words, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += size)
        if ((at == words || at[-1] == ' ') && (!at[size] || at[size] == ' '))
            return true;
    return false;
}

bool check_applies(const struct link *link, enum diagnostic_name check)
{
    const char *layouts = diagnostic_rows[check].layouts;
    return check_is_on(link->host, check) && (!*layouts || has_word(layouts, layout_name(link)));
}

bool is_builtin_layout(const struct link *link, const char *name)
{
    return strcmp(layout_name(link), name) == 0;
}

bool is_boot_sector(const struct link *link)
{
    return link->image_start == BIOS_ENTRY;
}

/* ---- references ---- */

static bool visit_atom(struct link *link, uint32_t atom, void *to, ref_visitor *visit)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    if (!link->atoms[atom].is_live || !its->ref_count ||
        link->atoms[atom].input == link->made_input ||
        !(atom_section(link, atom)->flags & SECTION_ALLOC))
        return true;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        if (!ref_is_of_thread(ref) && !visit(link, to, atom, ref))
            return false;
    }
    return true;
}

void visit_live_refs(struct link *link, void *to, ref_visitor *visit)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (!visit_atom(link, atom, to, visit))
            return;
}

enum branch branch_encoding(const struct section *section, const struct ref *ref)
{
    enum { OPERAND_SIZE = 0x66, CALL = 0xe8, JUMP = 0xe9 };
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    bool is_distance = kind->operation == REF_RELATIVE || kind->operation == REF_PLT;
    if (!is_distance || !section->bytes || !(section->flags & SECTION_EXEC) || ref->offset < 1)
        return BRANCH_NONE;
    const unsigned char *field = section->bytes + ref->offset;
    bool prefixed = ref->offset >= 2 && field[-2] == OPERAND_SIZE;
    if (field[-1] != CALL && field[-1] != JUMP)
        return BRANCH_NONE;
    if (kind->width == 2)
        return prefixed ? BRANCH_NONE : BRANCH_NARROW;
    return prefixed ? BRANCH_NARROW : kind->width == 4 ? BRANCH_WIDE : BRANCH_NONE;
}

struct place ref_place(const struct link *link, uint32_t atom, const struct ref *ref)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    struct place place = atom_place(link, atom, ref->offset - atom_of(link, atom)->offset);
    uint32_t global = input->globals[ref->symbol];
    const char *name = input->object->symbols[ref->symbol].name;
    if (global != NONE)
        name = link->globals.at[global].name;
    place.symbol = name && *name ? name : NULL;
    return place;
}

/* ---- names ---- */

static bool is_label(const struct symbol *symbol, uint32_t section, uint64_t offset)
{
    return symbol->home == HOME_SECTION && symbol->section == section && symbol->value <= offset &&
           symbol->kind != SYMBOL_SECTION && symbol->kind != SYMBOL_FILE && symbol->name_size;
}

const char *spot_name(struct link *link, uint32_t atom, uint64_t offset)
{
    const struct object *object = atom_object(link, atom);
    const struct atom *its = atom_of(link, atom);
    const struct symbol *nearest = NULL;
    offset += its->offset;
    for (uint32_t s = 1; s < object->symbol_count; s++) {
        const struct symbol *symbol = &object->symbols[s];
        if (is_label(symbol, its->section, offset) && (!nearest || symbol->value > nearest->value))
            nearest = symbol;
    }
    if (!nearest)
        return object->sections[its->section].name;
    if (nearest->value == offset)
        return nearest->name;
    return arena_format(&link->arena, "%s+0x%llx", nearest->name,
                        (unsigned long long)(offset - nearest->value));
}
