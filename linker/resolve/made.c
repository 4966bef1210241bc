/* SPDX-License-Identifier: MIT
 *
 * What the linker itself adds to a link, as one more object, so that every later step treats it
 * like the rest:
 *
 *     COMMON    room for each common symbol          .got     addresses that position-independent
 * code loads .entry    a jump, when the entry is not first in its section
 *
 * Requires: symbols resolved, the entry chosen. Provides: the last input, and link.atoms for all
 * inputs.
 *
 * A global offset table in an image of fixed addresses is a waste, but objects of a distribution's
 * compiler ask for one (they are position-independent by default), and GNU ld's answer in flat
 * output, an undefined
 * `_GLOBAL_OFFSET_TABLE_`, sends people searching for hours. Each symbol that is loaded through the
 * table has one slot; without such loads the table is empty and only marks a place from which
 * offsets are counted. */
#include "link.h"

#include <ctype.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { SHA1_ROOM = 20 };

struct maker {
    struct link *link;
    struct object *object;
    LIST(struct section) sections;
    LIST(struct atom) atoms;
    LIST(struct symbol) symbols;
    LIST(uint32_t) globals; /* beside symbols */
    LIST(struct ref) refs;
    LIST(uint32_t) owners; /* beside sections */
};

static uint32_t add_section(struct maker *maker, struct section section, uint32_t owner)
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

static uint32_t add_symbol(struct maker *maker, struct symbol symbol, uint32_t global)
{
    struct arena *arena = &maker->link->arena;
    symbol.binding = BIND_GLOBAL;
    *list_add(arena, &maker->symbols) = symbol;
    *list_add(arena, &maker->globals) = global;
    return (uint32_t)maker->symbols.count - 1;
}

/* Adds a reference to the newest section. */
static void add_ref(struct maker *maker, struct ref ref)
{
    *list_add(&maker->link->arena, &maker->refs) = ref;
    maker->sections.at[maker->sections.count - 1].ref_count++;
    maker->atoms.at[maker->atoms.count - 1].ref_count++;
}

static void define_in(struct maker *maker, struct global *global, uint32_t global_index,
                      uint32_t section, uint64_t size)
{
    struct symbol symbol = {.name = global->name,
                            .name_size = (uint32_t)strlen(global->name),
                            .section = section,
                            .size = size,
                            .kind = SYMBOL_OBJECT,
                            .home = HOME_SECTION};
    global->symbol = add_symbol(maker, symbol, global_index);
    global->input = maker->link->made_input;
    global->state = GLOBAL_DEFINED;
}

/* ---- common symbols ---- */

struct common {
    uint32_t owner, global;
    int rank; /* --sort-common */
    uint64_t bucket;
};

/* GNU ld allocates common symbols in the order of its table of symbols: by the bucket that a hash
 * of the name chooses, in a bucket the newest first. The table begins with 4,051 buckets and grows
 * to the next of these primes when it is three quarters full (found by experiment with 2.40). */
static uint64_t bucket_count(const struct link *link)
{
    static const uint64_t sizes[] = {4051, 4091, 8191, 16381, 32749, 65537, 131071, 262139};
    size_t i = 0, most = sizeof sizes / sizeof *sizes;
    while (i + 1 < most && link->globals.count > sizes[i] * 3 / 4)
        i++;
    return sizes[i];
}

static uint64_t bucket_of(const char *name, uint64_t buckets)
{
    uint64_t hash = 0, size = 0;
    for (; name[size]; size++) {
        uint64_t c = (unsigned char)name[size];
        hash += c + (c << 17);
        hash ^= hash >> 2;
    }
    hash += size + (size << 17);
    return (hash ^ hash >> 2) % buckets;
}

/* GNU ld's classes: alignments of 16 and more are one. */
static int rank_of(const struct link *link, const struct global *global)
{
    int power = 0;
    while (power < 4 && global->align >> (power + 1))
        power++;
    switch (link->set->given.sort_commons) {
    case WELT_SORT_COMMONS_DESCENDING: return -power;
    case WELT_SORT_COMMONS_ASCENDING: return power;
    default: return 0;
    }
}

static bool sorts_as_ld(const struct link *link)
{
    return link->set->face == WELT_FACE_LD && !link->set->lld;
}

/* By the object that has them, as `*(.bss COMMON)` takes them with that object's .bss. */
static int compare_commons(const void *left, const void *right)
{
    const struct common *a = left, *b = right;
    if (a->owner != b->owner)
        return a->owner < b->owner ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->bucket != b->bucket)
        return a->bucket < b->bucket ? -1 : 1;
    return (a->global > b->global) - (a->global < b->global);
}

static bool has_commons(const struct object *object)
{
    for (uint32_t s = object->first_global; s < object->symbol_count; s++)
        if (object->symbols[s].home == HOME_COMMON)
            return true;
    return false;
}

/* lld goes through the symbols of the objects that have common ones, and takes what it meets, also
 * where an object only names it. */
static size_t find_commons_as_lld(struct link *link, struct common *commons)
{
    size_t count = 0;
    bool *met = NEW_ARRAY(&link->arena, bool, link->globals.count + 1);
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        bool counts = has_commons(input->object);
        for (uint32_t s = input->object->first_global; counts && s < input->object->symbol_count;
             s++) {
            uint32_t global = input->globals[s];
            if (global == NONE || met[global] || link->globals.at[global].state != GLOBAL_COMMON)
                continue;
            met[global] = true;
            commons[count++] = (struct common){link->globals.at[global].input, global, 0, 0};
        }
    }
    return count;
}

static size_t find_commons(struct link *link, struct common *commons)
{
    size_t count = 0;
    if (link->form.as_lld)
        return find_commons_as_lld(link, commons);
    uint64_t buckets = sorts_as_ld(link) ? bucket_count(link) : 1;
    for (uint32_t i = 0; i < link->globals.count; i++) {
        const struct global *global = &link->globals.at[i];
        if (global->state == GLOBAL_COMMON)
            commons[count++] = (struct common){global->input, i, rank_of(link, global),
                                               bucket_of(global->name, buckets)};
    }
    qsort(commons, count, sizeof *commons, compare_commons);
    return count;
}

static uint64_t align_of_common(const struct global *global)
{
    return global->align && !(global->align & (global->align - 1)) ? global->align : 1;
}

/* Those of one object begin where the most demanding of them may. */
static uint64_t largest_align(const struct link *link, const struct common *commons, size_t count)
{
    uint64_t largest = 1;
    for (size_t i = 0; i < count && commons[i].owner == commons[0].owner; i++) {
        uint64_t align = align_of_common(&link->globals.at[commons[i].global]);
        if (align > largest)
            largest = align;
    }
    return largest;
}

static void make_commons(struct maker *maker)
{
    struct link *link = maker->link;
    struct common *commons = NEW_ARRAY(&link->arena, struct common, link->globals.count + 1);
    size_t count = find_commons(link, commons);
    for (size_t i = 0; i < count; i++) {
        struct global *global = &link->globals.at[commons[i].global];
        bool is_first = !i || commons[i].owner != commons[i - 1].owner;
        uint64_t align = align_of_common(global);
        if (is_first && sorts_as_ld(link))
            align = largest_align(link, commons + i, count - i);
        struct section common = {.name = "COMMON",
                                 .size = global->value,
                                 .align = align > 1u << 30 ? 1u << 30 : (uint32_t)align,
                                 .flags = SECTION_ALLOC | SECTION_WRITE | SECTION_NOBITS};
        uint32_t section = add_section(maker, common, global->input);
        define_in(maker, global, commons[i].global, section, common.size);
    }
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
    add_section(maker, jump, 0);
    struct symbol entry = {.name = link->entry_name,
                           .name_size = (uint32_t)strlen(link->entry_name)};
    uint32_t symbol = add_symbol(maker, entry, link->entry_global);
    uint32_t kind = ref_kind_find(ARCH_I386, is_short ? 23 : 21); /* R_386_PC8, R_386_PC16 */
    add_ref(maker, (struct ref){.offset = 1,
                                .addend = is_short ? -1 : -2,
                                .symbol = symbol,
                                .kind = (uint16_t)kind});
}

/* ---- the global offset table ---- */

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

/* One slot a symbol and object: a symbol that two objects load has two. Each is a section of its
 * own, so that a slot which only dead code loads goes with that code, and what it names is not
 * asked for. */
static void give_slot(struct maker *maker, struct input *input, uint32_t index)
{
    static const unsigned char empty[8] = {0};
    struct link *link = maker->link;
    const struct symbol *its = &input->object->symbols[index];
    if (!input->got_slots)
        input->got_slots = NEW_ARRAY(&link->arena, uint32_t, input->object->symbol_count);
    if (input->got_slots[index])
        return;
    uint32_t global = input->globals[index];
    if (global == NONE)
        global = global_for_local(link, (uint32_t)(input - link->inputs.at), index);
    bool is_wide = input->object->architecture == ARCH_X86_64;
    struct section slot = {.name = ".got",
                           .bytes = empty,
                           .size = is_wide ? 8 : 4,
                           .align = is_wide ? 8 : 4,
                           .flags = SECTION_ALLOC | SECTION_WRITE};
    struct symbol by_name = {.name = its->name, .name_size = its->name_size};
    uint32_t symbol = add_symbol(maker, by_name, global);
    input->got_slots[index] = 1 + maker->sections.at[add_section(maker, slot, 0)].first_atom;
    uint32_t kind =
        is_wide ? ref_kind_find(ARCH_X86_64, R_X86_64_64) : ref_kind_find(ARCH_I386, R_386_32);
    add_ref(maker, (struct ref){.symbol = symbol, .kind = (uint16_t)kind});
}

/* Whether the table itself is asked for. */
static bool find_slots(struct maker *maker, struct input *input, const struct section *section)
{
    const struct object *object = input->object;
    bool needed = false;
    for (uint32_t r = 0; r < section->ref_count; r++) {
        const struct ref *ref = &object->refs[section->first_ref + r];
        bool wants_slot = ref_wants_slot(maker->link, input, section, ref);
        needed |= ref_is_of_table(ref) && (wants_slot || !ref_is_of_slot(ref));
        if (wants_slot)
            give_slot(maker, input, ref->symbol);
    }
    return needed;
}

static bool find_all_slots(struct maker *maker)
{
    const struct link *link = maker->link;
    bool needed = false;
    for (uint32_t i = 0; i < link->made_input; i++) {
        struct input *input = &link->inputs.at[i];
        for (uint32_t s = 1; input->object->uses_got && s < input->object->section_count; s++)
            needed |= find_slots(maker, input, &input->object->sections[s]);
    }
    return needed;
}

/* An atom marks where the table begins. In a flat image it is empty, and the slots follow it. In an
 * ELF file it is what GNU ld makes of it, three words for a loader behind the slots, as other tools
 * and byte-for-byte comparisons know it. */
static uint32_t add_table(struct maker *maker)
{
    static const unsigned char for_loader[3 * 8] = {0};
    const struct form *form = &maker->link->form;
    uint32_t word = form->is_64 ? 8 : 4;
    struct section got = {
        .name = ".got", .bytes = for_loader, .align = word, .flags = SECTION_ALLOC | SECTION_WRITE};
    if (form->kind != FORM_FLAT) {
        got.name = ".got.plt";
        got.size = (uint64_t)3 * word;
    }
    return add_section(maker, got, 0);
}

static void make_table(struct maker *maker)
{
    struct link *link = maker->link;
    bool is_flat = link->form.kind == FORM_FLAT;
    uint32_t name = global_find(link, "_GLOBAL_OFFSET_TABLE_");
    uint32_t section = is_flat ? add_table(maker) : 0;
    size_t before = maker->sections.count;
    bool needed = find_all_slots(maker) || name != NONE;
    if (!is_flat) {
        needed |= maker->sections.count > before;
        section = add_table(maker);
    }
    struct section *made = &maker->sections.at[section];
    link->got_atom = needed ? made->first_atom : NONE;
    if (!needed)
        made->flags = SECTION_META;
    if (name != NONE && link->globals.at[name].state <= GLOBAL_WEAK_UNDEFINED)
        define_in(maker, &link->globals.at[name], name, section, 0);
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
    add_section(maker, section, 0);
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
    input->globals = maker->globals.at;
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
    add_symbol(&maker, (struct symbol){.name = ""}, NONE);
    link->made_input = (uint32_t)link->inputs.count;
    link->jump_atom = link->got_atom = link->build_id_atom = NONE;
    bool has_addresses = link->form.kind != FORM_RELOCATABLE;
    if (has_addresses) {
        make_jump(&maker);
        make_table(&maker);
        make_build_id(&maker);
    }
    if (has_addresses || link->set->given.define_common || link->script->force_common_allocation)
        make_commons(&maker); /* last: by ascending owner, which assign.c counts on */
    *list_add(&link->arena, &link->inputs) =
        (struct input){.object = maker.object, .first_atom = link->atom_count};
    link->atom_count += (uint32_t)maker.atoms.count;
    close_object(&maker);
    settle_globals(link);
    open_states(link);
}
