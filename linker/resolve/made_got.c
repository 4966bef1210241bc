/* SPDX-License-Identifier: MIT
 *
 * The global offset table.
 *
 * Requires: symbols resolved. Provides: the table and its slots, link.got_atom.
 *
 * A table in an image of fixed addresses is a waste, but objects of a distribution's compiler ask
 * for one (they are position-independent by default), and GNU ld's answer in flat output, an
 * undefined `_GLOBAL_OFFSET_TABLE_`, sends people searching for hours. Each symbol that is loaded
 * through the table has one slot; without such loads the table is empty and only marks a place from
 * which offsets are counted. */
#include "ask.h"
#include "resolve/made.h"
#include "support/ld_order.h"

#include <elf.h>
#include <string.h>

/* A local symbol gets a global of its own, whose name (a NUL and two numbers) no file can hold, so
 * that the table's object can name it. */
static uint32_t global_for_local(struct link *link, uint32_t input, uint32_t index)
{
    uint32_t key[3] = {0, input, index};
    const char *name = arena_text(&link->arena, (const char *)key, sizeof key);
    uint32_t number = global_intern(link, name, sizeof key);
    struct global *global = &link->globals.at[number];
    global->name = link->inputs.at[input].object->symbols[index].name;
    global->state = GLOBAL_DEFINED;
    global->input = input;
    global->symbol = index;
    return number;
}

/* ---- which symbols have slots ---- */

/* Whether the table itself is asked for. */
static bool find_slots(struct link *link, struct input *input, const struct section *section)
{
    const struct object *object = input->object;
    /* i386 counts addresses from the table where none is known beforehand. */
    bool needed = false, counts_from_table = link->dynamic && object->architecture == ARCH_I386;
    for (uint32_t r = 0; r < section->ref_count; r++) {
        const struct ref *ref = &object->refs[section->first_ref + r];
        bool wants_slot = ref_wants_slot(link, input, section, ref);
        needed |= ref_is_of_table(ref) && (wants_slot || !ref_is_of_slot(ref) || counts_from_table);
        if (!wants_slot)
            continue;
        if (!input->got_slots)
            input->got_slots = NEW_ARRAY(&link->arena, uint32_t, object->symbol_count);
        input->got_slots[ref->symbol] = 1;
    }
    return needed;
}

static bool find_all_slots(struct link *link)
{
    bool needed = false;
    for (uint32_t i = 0; i < link->made_input; i++) {
        struct input *input = &link->inputs.at[i];
        for (uint32_t s = 1; input->object->uses_got && s < input->object->section_count; s++)
            needed |= find_slots(link, input, &input->object->sections[s]);
    }
    return needed;
}

/* ---- slots ---- */

/* Each slot is a section of its own, so that one which only dead code loads goes with that code,
 * and what it names is not asked for. Result: 1 + the atom. */
static uint32_t add_slot(struct maker *maker, uint32_t global, bool is_wide)
{
    static const unsigned char empty[8] = {0};
    uint32_t word = is_wide ? 8 : 4;
    const struct name *name = &maker->link->global_names.all.at[global];
    struct section slot = {.name = ".got",
                           .bytes = empty,
                           .size = word,
                           .align = word,
                           .entsize = maker->link->dynamic ? word : 0, /* as GNU ld says it */
                           .type = SHT_PROGBITS,
                           .flags = SECTION_ALLOC | SECTION_WRITE};
    struct symbol by_name = {.name = name->text, .name_size = name->size};
    uint32_t symbol = made_symbol(maker, by_name, global);
    uint32_t section = made_section(maker, slot, made_owner(maker->link));
    uint32_t kind =
        is_wide ? ref_kind_find(ARCH_X86_64, R_X86_64_64) : ref_kind_find(ARCH_I386, R_386_32);
    made_ref(maker, (struct ref){.symbol = symbol, .kind = (uint16_t)kind});
    return 1 + maker->sections.at[section].first_atom;
}

static void add_local_slots(struct maker *maker)
{
    struct link *link = maker->link;
    for (uint32_t i = 0; i < link->made_input; i++) {
        struct input *input = &link->inputs.at[i];
        bool is_wide = input->object->architecture == ARCH_X86_64;
        for (uint32_t s = 0; input->got_slots && s < input->object->symbol_count; s++)
            if (input->got_slots[s] && input->globals[s] == NONE)
                input->got_slots[s] = add_slot(maker, global_for_local(link, i, s), is_wide);
    }
}

/* The order in which the objects name symbols, which is lld's; what only the script names is behind
 * them to lld, and has no slot. */
static uint32_t *order_as_named(struct link *link)
{
    size_t count = 0;
    uint32_t *order = NEW_ARRAY(&link->arena, uint32_t, link->globals.count + 1);
    bool *met = NEW_ARRAY(&link->arena, bool, link->globals.count + 1);
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = input->object->first_global; s < input->object->symbol_count; s++) {
            uint32_t global = input->named[s];
            if (global == NONE || met[global])
                continue;
            met[global] = true;
            order[count++] = global;
        }
    }
    for (uint32_t global = 0; global < link->globals.count; global++)
        if (!met[global])
            order[count++] = global;
    return order;
}

/* One slot a symbol, as wide as the widest object that loads it wants. */
static void add_global_slots(struct maker *maker)
{
    enum { NARROW = 1, WIDE };
    struct link *link = maker->link;
    size_t count = link->globals.count;
    uint8_t *wanted = NEW_ARRAY(&link->arena, uint8_t, count + 1);
    uint32_t *slots = NEW_ARRAY(&link->arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        uint8_t width = input->object->architecture == ARCH_X86_64 ? WIDE : NARROW;
        for (uint32_t s = 0; input->got_slots && s < input->object->symbol_count; s++)
            if (input->got_slots[s] && input->globals[s] != NONE &&
                wanted[input->globals[s]] < width)
                wanted[input->globals[s]] = width;
    }
    const uint32_t *order =
        link->form.as_lld ? order_as_named(link) : ld_order(&link->arena, &link->global_names);
    for (uint32_t i = 0; i < count; i++)
        if (wanted[order[i]])
            slots[order[i]] = add_slot(maker, order[i], wanted[order[i]] == WIDE);
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = 0; input->got_slots && s < input->object->symbol_count; s++)
            if (input->got_slots[s] && input->globals[s] != NONE)
                input->got_slots[s] = slots[input->globals[s]];
    }
}

static bool any_slots(const struct link *link)
{
    for (uint32_t i = 0; i < link->made_input; i++)
        if (link->inputs.at[i].got_slots)
            return true;
    return false;
}

static void add_slots(struct maker *maker)
{
    if (!any_slots(maker->link))
        return;
    if (!maker->link->form.as_lld)
        add_local_slots(maker);
    add_global_slots(maker);
    if (maker->link->form.as_lld)
        add_local_slots(maker);
}

/* ---- the table ---- */

/* Sections that GNU ld makes in an ELF file whatever is linked, and takes out when they stay empty:
 * by then an orphan may have been put behind one of them. */
static bool leaves_empty(const struct link *link)
{
    return link->form.kind == FORM_EXECUTABLE && link->set->face == WELT_FACE_LD && !link->set->lld;
}

static void add_empty(struct maker *maker, const char *name, uint32_t flags, uint32_t type)
{
    const struct link *link = maker->link;
    if (!leaves_empty(link))
        return;
    static const unsigned char none[1] = {0};
    uint32_t word = link->form.is_64 ? 8 : 4;
    struct section section = {.name = name,
                              .bytes = none,
                              .align = flags & SECTION_EXEC ? 1 : word,
                              .flags = SECTION_ALLOC | flags,
                              .type = type};
    made_section(maker, section, made_owner(link));
}

static void add_empty_relocations(struct maker *maker, const char *i386, const char *x86_64)
{
    bool is_64 = maker->link->form.is_64;
    add_empty(maker, is_64 ? x86_64 : i386, 0, is_64 ? SHT_RELA : SHT_REL);
}

/* An atom marks where the table begins. In a flat image it is empty, and the slots follow it. In an
 * ELF file it is what GNU ld makes of it, three words for a loader behind the slots, as other tools
 * and byte-for-byte comparisons know it; lld makes these in flat images too, and only for code that
 * counts from the table, which slots of x86-64 do not ask for. */
static uint32_t add_table(struct maker *maker)
{
    static const unsigned char for_loader[3 * 8] = {0};
    const struct form *form = &maker->link->form;
    uint32_t word = form->is_64 ? 8 : 4;
    struct section got = {.name = ".got",
                          .bytes = for_loader,
                          .align = word,
                          .entsize = word,
                          .flags = SECTION_ALLOC | SECTION_WRITE};
    if (form->kind != FORM_FLAT || form->as_lld) {
        got.name = ".got.plt";
        got.entsize = form->as_lld ? 0 : word;
        got.size = (uint64_t)3 * word;
    }
    return made_section(maker, got, made_owner(maker->link));
}

/* Assemblers name the table in every object that loads through it, and to lld that is enough; what
 * counts in an ELF file of GNU ld's is whether a reference does. */
static bool is_named(const struct link *link)
{
    uint32_t name = global_find(link, "_GLOBAL_OFFSET_TABLE_");
    if (name == NONE || !leaves_empty(link))
        return name != NONE;
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        uint32_t s = input->object->first_global;
        while (s < input->object->symbol_count && input->globals[s] != name)
            s++;
        for (uint32_t r = 0; s < input->object->symbol_count && r < input->object->ref_count; r++)
            if (input->object->refs[r].symbol == s)
                return true;
    }
    return false;
}

static void define_table(struct maker *maker, uint32_t section, bool is_needed)
{
    struct link *link = maker->link;
    uint32_t name = global_find(link, "_GLOBAL_OFFSET_TABLE_");
    struct section *made = &maker->sections.at[section];
    link->got_atom = is_needed ? made->first_atom : NONE;
    if (!is_needed) {
        maker->atoms.at[made->first_atom].size = made->size = 0;
        made->flags = leaves_empty(link) ? made->flags : SECTION_META;
    }
    if (leaves_empty(link))
        name = is_needed ? global_intern(link, "_GLOBAL_OFFSET_TABLE_", 21) : NONE;
    if (name == NONE || link->globals.at[name].state > GLOBAL_WEAK_UNDEFINED)
        return;
    made_define(maker, &link->globals.at[name], name, section, 0);
    link->globals.at[name].is_own = true;
}

/* lld makes these for every link and takes out those that stay empty; the alignment and
 * the flags that they gave an output section whose pattern took them stay
 * (resolve/arrange_lld.c). */
static void add_empty_as_lld(struct maker *maker)
{
    static const unsigned char none[1] = {0};
    static const struct {
        const char *name;
        uint32_t align, flags; /* 0: a word */
    } all[] = {{".got", 0, SECTION_WRITE},
               {".got.plt", 0, SECTION_WRITE},
               {".plt", 16, SECTION_EXEC},
               {".iplt", 16, SECTION_EXEC}};
    bool is_wide = maker->link->objects.count &&
                   maker->link->objects.at[0].object->architecture == ARCH_X86_64;
    for (size_t i = 0; maker->link->form.as_lld && i < sizeof all / sizeof *all; i++) {
        uint32_t align = all[i].align ? all[i].align : is_wide ? 8 : 4;
        made_section(maker,
                     (struct section){.name = all[i].name,
                                      .bytes = none,
                                      .align = align,
                                      .flags = SECTION_ALLOC | all[i].flags,
                                      .type = SHT_PROGBITS},
                     made_owner(maker->link));
    }
}

void make_got(struct maker *maker)
{
    struct link *link = maker->link;
    bool is_flat = link->form.kind == FORM_FLAT && !link->form.as_lld;
    bool is_needed = find_all_slots(link) || is_named(link);
    uint32_t section = is_flat ? add_table(maker) : 0;
    add_empty_relocations(maker, ".rel.got", ".rela.got");
    add_empty(maker, ".got", SECTION_WRITE, SHT_PROGBITS);
    add_slots(maker);
    if (!is_flat) {
        is_needed |= !link->form.as_lld && any_slots(link);
        section = add_table(maker);
    }
    define_table(maker, section, is_needed);
    add_empty_as_lld(maker);
    add_empty(maker, ".iplt", SECTION_EXEC, 0);
    add_empty_relocations(maker, ".rel.iplt", ".rela.iplt");
    add_empty(maker, ".igot.plt", SECTION_WRITE, 0);
}
