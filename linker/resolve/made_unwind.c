/* SPDX-License-Identifier: MIT
 *
 * .eh_frame_hdr: an index of .eh_frame, sorted by address, by which an unwinder finds a function's
 * record (LSB Core 5.0, 10.6.2 "The .eh_frame_hdr section"). --eh-frame-hdr asks for it, and gcc
 * and rustc always do.
 *
 * Requires: inputs. make_unwind_index provides the section, as yet without a size;
 * size_unwind_index, when it is known which records stay, its size. output/unwind_index.c fills it
 * in. make_unwind_end ends .eh_frame as lld does, whatever the objects hold. */
#include "ask.h"
#include "input/unwind.h"
#include "resolve/made.h"
#include "steps.h"

#include <elf.h>

enum { HEAD = 12, ENTRY = 8 };

static bool any_unwind(const struct link *link)
{
    uint64_t least = link->form.as_lld ? 0 : 8;
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct object *object = link->inputs.at[i].object;
        for (uint32_t s = 1; s < object->section_count; s++)
            if (object->sections[s].flags & SECTION_UNWIND && object->sections[s].size > least)
                return true;
    }
    return false;
}

void make_unwind_end(struct maker *maker)
{
    static const unsigned char end[UNWIND_ALIGN] = {0};
    if (!maker->link->form.as_lld || !any_unwind(maker->link))
        return;
    struct section section = {.name = ".eh_frame",
                              .bytes = end,
                              .size = sizeof end,
                              .align = 1,
                              .flags = SECTION_ALLOC | SECTION_UNWIND,
                              .type = SHT_PROGBITS};
    made_section(maker, section, made_owner(maker->link));
}

void make_unwind_index(struct maker *maker)
{
    static const unsigned char none[1] = {0};
    struct link *link = maker->link;
    bool is_ld = link->form.kind == FORM_EXECUTABLE && link->set->face == WELT_FACE_LD;
    if (!link->set->given.eh_frame_hdr || !(is_ld || link->form.as_lld) || !any_unwind(link))
        return;
    struct section index = {.name = ".eh_frame_hdr",
                            .bytes = none,
                            .align = 4,
                            .flags = SECTION_ALLOC | SECTION_RETAIN,
                            .type = link->form.as_lld ? SHT_PROGBITS : SHT_NULL};
    uint32_t section = made_section(maker, index, made_owner(link));
    link->unwind_index = maker->sections.at[section].first_atom;
    if (link->form.as_lld)
        return;
    uint32_t name = global_intern(link, "__GNU_EH_FRAME_HDR", 18);
    if (link->globals.at[name].state > GLOBAL_WEAK_UNDEFINED)
        return;
    made_define(maker, &link->globals.at[name], name, section, 0);
    link->globals.at[name].is_own = true;
    maker->symbols.at[link->globals.at[name].symbol].kind = SYMBOL_NOTYPE;
}

static uint64_t count_entries(const struct link *link)
{
    uint64_t count = 0;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        count += atom_is_fde(link, atom) && unwind_is_found(link, link->atoms[atom].output);
    return count;
}

void size_unwind_index(struct link *link)
{
    if (link->unwind_index == NONE)
        return;
    uint64_t count = count_entries(link);
    uint64_t size = count || link->form.as_lld ? HEAD + ENTRY * count : 0;
    struct object *object = link->made_object;
    uint32_t number = link->unwind_index - link->inputs.at[link->made_input].first_atom;
    struct section *section = &object->sections[object->atoms[number].section];
    section->bytes = arena_alloc(&link->arena, size + 1);
    section->size = object->atoms[number].size = size;
}
