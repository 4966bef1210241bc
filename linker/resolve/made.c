/* SPDX-License-Identifier: MIT
 *
 * What the linker itself adds to a link, as one more object, so that every later step treats it
 * like the rest:
 *
 *     COMMON    room for each common symbol (made_commons.c)
 *     .got      addresses that position-independent code loads (made_got.c)
 *     .entry    a jump, when the entry is not first in its section
 *     .note.gnu.build-id
 *     .stabstr  of all objects (stabs.c)
 *
 * Requires: symbols resolved, the entry chosen. Provides: the last input, and link.atoms for all
 * inputs. */
#include "resolve/made.h"

#include "resolve/stabs.h"
#include "steps.h"

#include <ctype.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { SHA1_ROOM = 20 };

uint32_t made_section(struct maker *maker, struct section section, uint32_t owner)
{
    struct arena *arena = &maker->link->arena;
    section.name_size = (uint32_t)strlen(section.name);
    section.first_atom = (uint32_t)maker->atoms.count;
    section.atom_count = 1;
    section.first_ref = (uint32_t)maker->refs.count;
    uint32_t index = (uint32_t)maker->sections.count;
    *list_add(arena, &maker->atoms) = (struct atom){.section = index,
                                                    .align = section.align,
                                                    .size = section.size,
                                                    .first_ref = section.first_ref};
    *list_add(arena, &maker->sections) = section;
    *list_add(arena, &maker->owners) = owner;
    return index;
}

uint32_t made_symbol(struct maker *maker, struct symbol symbol, uint32_t global)
{
    struct arena *arena = &maker->link->arena;
    symbol.binding = BIND_GLOBAL;
    *list_add(arena, &maker->symbols) = symbol;
    *list_add(arena, &maker->globals) = global;
    return (uint32_t)maker->symbols.count - 1;
}

void made_ref(struct maker *maker, struct ref ref)
{
    *list_add(&maker->link->arena, &maker->refs) = ref;
    maker->sections.at[maker->sections.count - 1].ref_count++;
    maker->atoms.at[maker->atoms.count - 1].ref_count++;
}

void made_define(struct maker *maker, struct global *global, uint32_t global_index,
                 uint32_t section, uint64_t size)
{
    struct symbol symbol = {.name = global->name,
                            .name_size = (uint32_t)strlen(global->name),
                            .section = section,
                            .size = size,
                            .kind = SYMBOL_OBJECT,
                            .home = HOME_SECTION};
    global->symbol = made_symbol(maker, symbol, global_index);
    global->input = maker->link->made_input;
    global->state = GLOBAL_DEFINED;
}

uint32_t made_owner(const struct link *link)
{
    for (uint32_t i = 0; i < link->made_input; i++)
        if (!link->inputs.at[i].object->is_raw && !link->inputs.at[i].is_symbols_only)
            return i;
    return 0;
}

/* ---- the jump to an entry that is not first in its section ---- */

static uint32_t entry_align(const struct link *link)
{
    const struct input *input = link->inputs.at;
    while (link->entry_atom >= input->first_atom + input->object->atom_count)
        input++;
    return input->object->atoms[link->entry_atom - input->first_atom].align;
}

static void make_jump(struct maker *maker)
{
    static const unsigned char short_jump[] = {0xeb, 0}, near_jump[] = {0xe9, 0, 0};
    struct link *link = maker->link;
    link->jump_atom = NONE;
    if (!link->set->entry_first || link->entry_atom == NONE || !link->entry_offset ||
        link->entry_global == NONE)
        return;
    /* What aligns the entry's section may stand in between, and a string that fills the hole. */
    bool is_short = link->entry_offset + entry_align(link) < 100;
    struct section jump = {.name = ".entry",
                           .bytes = is_short ? short_jump : near_jump,
                           .size = is_short ? 2 : 3,
                           .align = 1,
                           .flags = SECTION_ALLOC | SECTION_EXEC};
    link->jump_atom = (uint32_t)maker->atoms.count;
    made_section(maker, jump, 0);
    struct symbol entry = {.name = link->entry_name,
                           .name_size = (uint32_t)strlen(link->entry_name)};
    uint32_t symbol = made_symbol(maker, entry, link->entry_global);
    uint32_t kind = ref_kind_find(ARCH_I386, is_short ? 23 : 21); /* R_386_PC8, R_386_PC16 */
    made_ref(maker, (struct ref){.offset = 1,
                                 .addend = is_short ? -1 : -2,
                                 .symbol = symbol,
                                 .kind = (uint16_t)kind});
}

/* ---- the build id ---- */

static unsigned hex_digit(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

/* "0x0123ab" as bytes. */
static size_t given_id(const char *text, unsigned char *id)
{
    size_t count = 0;
    for (text += 2; isxdigit((unsigned char)text[0]) && isxdigit((unsigned char)text[1]); text += 2)
        id[count++] = (unsigned char)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
    return *text ? 0 : count;
}

static size_t id_size(const char *style, unsigned char *id)
{
    if (strncmp(style, "0x", 2) == 0)
        return given_id(style, id);
    if (strcmp(style, "md5") == 0)
        return 16;
    return strcmp(style, "sha1") == 0 || strcmp(style, "tree") == 0 ? 20 : 0;
}

/* A note that output/elf_build_id.c fills in. A flat image has none: at its front it would be
 * executed, and its bytes are counted. */
static void make_build_id(struct maker *maker)
{
    static const unsigned char head[16] = {4, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0};
    struct link *link = maker->link;
    const char *style = link->set->given.build_id;
    if (!style || strcmp(style, "none") == 0 || link->form.kind != FORM_EXECUTABLE)
        return;
    unsigned char *note = arena_alloc(&link->arena, sizeof head + strlen(style) + SHA1_ROOM);
    size_t size = id_size(style, note + sizeof head);
    if (!size) {
        diagnose(link->host, WELT_ERROR, "build-id", (struct place){0},
                 "there are sha1, md5, 0xHEX and none; uuid would differ from link to link",
                 "there is no build id of style `%s'", style);
        return;
    }
    memcpy(note, head, sizeof head);
    note[4] = (unsigned char)size;
    link->build_id_atom = (uint32_t)maker->atoms.count;
    struct section section = {.name = ".note.gnu.build-id",
                              .bytes = note,
                              .size = sizeof head + size,
                              .align = 4,
                              .flags = SECTION_ALLOC | SECTION_NOTE,
                              .type = SHT_NOTE};
    made_section(maker, section, made_owner(link));
}

/* ---- the object around them ---- */

/* Slots were numbered within the made object; now their atoms have ids. */
static void number_slots(struct link *link, uint32_t first_atom)
{
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = 0; input->got_slots && s < input->object->symbol_count; s++)
            if (input->got_slots[s])
                input->got_slots[s] += first_atom;
    }
}

static void close_object(struct maker *maker)
{
    struct link *link = maker->link;
    struct object *object = maker->object;
    object->path = "welt";
    link->made_object = object;
    if (link->dynamic)
        link->dynamic->object = object;
    if (link->unwind_index != NONE)
        link->unwind_index += link->inputs.at[link->made_input].first_atom;
    object->architecture = ARCH_I386;
    object->sections = maker->sections.at;
    object->section_count = (uint32_t)maker->sections.count;
    object->atoms = maker->atoms.at;
    object->atom_count = (uint32_t)maker->atoms.count;
    object->symbols = maker->symbols.at;
    object->symbol_count = (uint32_t)maker->symbols.count;
    object->refs = maker->refs.at ? maker->refs.at : NEW_ARRAY(&maker->link->arena, struct ref, 0);
    object->ref_count = (uint32_t)maker->refs.count;
    object->first_global = 1;
    struct input *input = &link->inputs.at[link->made_input];
    input->named = input->globals = maker->globals.at;
    input->section_gone = NEW_ARRAY(&link->arena, uint8_t, object->section_count);
    link->made_owner = maker->owners.at;
    if (link->jump_atom != NONE)
        link->jump_atom += input->first_atom;
    if (link->got_atom != NONE)
        link->got_atom += input->first_atom;
    if (link->build_id_atom != NONE)
        link->build_id_atom += input->first_atom;
    number_slots(link, input->first_atom);
}

static void open_states(struct link *link)
{
    link->atoms = NEW_ARRAY(&link->arena, struct atom_state, link->atom_count);
    for (uint32_t i = 0; i < link->inputs.count; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t a = 0; a < input->object->atom_count; a++)
            link->atoms[input->first_atom + a] =
                (struct atom_state){.input = i,
                                    .output = NONE,
                                    .leader = input->first_atom + a,
                                    .kept_by = NONE,
                                    .align = input->object->atoms[a].align};
    }
}

void make_sections(struct link *link)
{
    struct maker maker = {.link = link, .object = NEW(&link->arena, struct object)};
    *list_add(&link->arena, &maker.sections) = (struct section){.name = "", .flags = SECTION_META};
    *list_add(&link->arena, &maker.owners) = 0;
    made_symbol(&maker, (struct symbol){.name = ""}, NONE);
    link->made_input = (uint32_t)link->inputs.count;
    link->jump_atom = link->got_atom = link->build_id_atom = NONE;
    link->unwind_index = NONE;
    bool has_addresses = link->form.kind != FORM_RELOCATABLE;
    if (has_addresses) {
        make_jump(&maker);
        make_dynamic(&maker);
        make_got(&maker);
        make_build_id(&maker);
        make_unwind_index(&maker);
        make_unwind_end(&maker);
    }
    make_stabs(&maker);
    if (has_addresses || link->set->given.define_common || link->script->force_common_allocation)
        make_commons(&maker);
    *list_add(&link->arena, &link->inputs) =
        (struct input){.object = maker.object, .first_atom = link->atom_count};
    link->atom_count += (uint32_t)maker.atoms.count;
    close_object(&maker);
    settle_globals(link);
    open_states(link);
    drop_stabs(link);
}
