/* SPDX-License-Identifier: MIT
 *
 * What stands in the tables of a position-independent image (dynamic.h), as far as it does not
 * depend on addresses.
 *
 * Requires: live atoms with their output sections. Provides: sizes of the made sections, the
 * contents of .dynstr and of the hash tables, what the entries of .dynamic are; errors where
 * something would be asked of a loader that does not exist before an image.
 *
 * Names come in GNU ld's order, since images are compared: as objects name them. */
#include "resolve/size_dynamic.h"

#include "ask.h"
#include "steps.h"

#include <elf.h>
#include <string.h>

#ifndef DT_GNU_HASH
#define DT_GNU_HASH 0x6ffffef5
#endif
#ifndef DF_1_PIE
#define DF_1_PIE 0x08000000
#endif
enum { SPARE_ENTRIES = 5 }; /* and one that ends the list */

static bool has_only_numbers(const struct expr *expr)
{
    if (!expr)
        return true;
    bool is_number = expr->kind == EXPR_NUMBER || expr->kind == EXPR_UNARY ||
                     expr->kind == EXPR_BINARY || expr->kind == EXPR_TERNARY;
    return is_number && has_only_numbers(expr->a) && has_only_numbers(expr->b) &&
           has_only_numbers(expr->c);
}

static bool is_address(const struct link *link, const struct target *target)
{
    if (target->kind == TARGET_ATOM)
        return true;
    if (target->kind != TARGET_SCRIPT || target->global == NONE)
        return false;
    const struct statement *by = link->globals.at[target->global].statement;
    return !by || !has_only_numbers(by->value);
}

bool ref_wants_relocation(const struct link *link, const struct input *input,
                          const struct section *section, const struct ref *ref)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    unsigned word = link->form.is_64 ? 8 : 4;
    if (!link->dynamic || !(section->flags & SECTION_ALLOC) || !ref->symbol ||
        kind->operation != REF_ABSOLUTE || kind->width != word)
        return false;
    struct target target = symbol_target(link, input, ref->symbol);
    return is_address(link, &target);
}

/* ---- what can't be ---- */

struct surveyor {
    struct link *link;
    const uint8_t *visibility; /* of globals */
    bool told_of_names;
    bool *is_written;          /* output -> the program writes to it */
    bool has_text_relocations; /* in what it does not write to */
};

/* A name that another file could define instead is asked of a loader each time. */
static void check_name(struct surveyor *surveyor, const struct input *input, const struct ref *ref,
                       uint32_t atom)
{
    const struct link *link = surveyor->link;
    uint32_t global = input->globals[ref->symbol];
    bool is_own = !link->form.shared || link->set->given.symbolic || global == NONE ||
                  surveyor->visibility[global] != VISIBLE_DEFAULT ||
                  link->atoms[atom].input == link->made_input;
    if (is_own || surveyor->told_of_names)
        return;
    surveyor->told_of_names = true;
    struct place place = atom_place(link, atom, ref->offset - atom_of(link, atom)->offset);
    place.symbol = link->globals.at[global].name;
    diagnose(
        link->host, WELT_ERROR, "pic", place,
        "bind the file's names to itself: -Bsymbolic, or -fvisibility=hidden",
        "another file could define `%s' instead, and before an image there is no loader to ask",
        place.symbol);
}

/* On x86-64 an address in less than 8 bytes can't have the load address added. */
static void check_width(const struct link *link, const struct input *input, const struct ref *ref,
                        uint32_t atom)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    if (!link->form.is_64 || kind->operation != REF_ABSOLUTE || kind->width >= 8 || !ref->symbol)
        return;
    struct target target = symbol_target(link, input, ref->symbol);
    if (!is_address(link, &target))
        return;
    struct place place = atom_place(link, atom, ref->offset - atom_of(link, atom)->offset);
    diagnose(link->host, WELT_ERROR, "pic", place,
             "compile with -fPIE or -fPIC, or link without -pie and -shared",
             "%s is no address in a file that may be loaded anywhere", kind->name);
}

/* GNU ld looks whether a call by R_386_PLT32 needs a stub, and makes a hidden symbol local then. */
static void note_call(const struct surveyor *surveyor, const struct input *input,
                      const struct ref *ref)
{
    uint32_t global = input->globals[ref->symbol];
    if (global != NONE && ref_kinds[ref->kind].operation == REF_PLT)
        surveyor->link->dynamic->is_called[global] = true;
}

static void refuse_text_relocation(const struct link *link, const struct ref *ref, uint32_t atom)
{
    struct place place = atom_place(link, atom, ref->offset - atom_of(link, atom)->offset);
    diagnose(link->host, WELT_ERROR, "pic", place,
             "compile with -fPIE or -fPIC, or allow it: -z notext",
             "the program does not write here, and a loader would have to: -z text forbids it");
}

/* ---- counting ---- */

static struct dynamic_table *table_of(const struct dynamic *dynamic, const char *name)
{
    return &dynamic->tables.at[names_find(&dynamic->table_names, name, strlen(name))];
}

static void note_text_relocation(struct surveyor *surveyor, const struct ref *ref, uint32_t atom)
{
    const struct link *link = surveyor->link;
    if (surveyor->is_written[link->atoms[atom].output] || surveyor->has_text_relocations)
        return;
    surveyor->has_text_relocations = true;
    if (link->set->given.no_text_relocations)
        refuse_text_relocation(link, ref, atom);
}

static void survey_atom(struct surveyor *surveyor, uint32_t atom)
{
    struct link *link = surveyor->link;
    const struct atom *its = atom_of(link, atom);
    const struct section *section = atom_section(link, atom);
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        check_name(surveyor, input, ref, atom);
        check_width(link, input, ref, atom);
        note_call(surveyor, input, ref);
        if (!ref_wants_relocation(link, input, section, ref))
            continue;
        table_of(link->dynamic, section->name)->count++;
        note_text_relocation(surveyor, ref, atom);
    }
}

static void survey(struct surveyor *surveyor)
{
    struct link *link = surveyor->link;
    link->dynamic->is_called = NEW_ARRAY(&link->arena, bool, link->globals.count + 1);
    surveyor->is_written = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE && link->atoms[atom].is_live &&
            atom_section(link, atom)->flags & SECTION_WRITE)
            surveyor->is_written[link->atoms[atom].output] = true;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE && link->atoms[atom].is_live &&
            atom_section(link, atom)->flags & SECTION_ALLOC)
            survey_atom(surveyor, atom);
}

/* ---- symbols ---- */

static bool is_name_of_linker(const char *name)
{
    static const char *const names[] = {"_DYNAMIC", "_GLOBAL_OFFSET_TABLE_", "__GNU_EH_FRAME_HDR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_visible(const struct surveyor *surveyor, uint32_t index)
{
    const struct global *global = &surveyor->link->globals.at[index];
    bool is_own =
        global->input == surveyor->link->made_input || global->state <= GLOBAL_WEAK_UNDEFINED;
    bool is_made = is_own && global->state != GLOBAL_SCRIPT && is_name_of_linker(global->name);
    bool is_hidden = global->state == GLOBAL_SCRIPT && global->statement &&
                     global->statement->flags & ASSIGN_HIDDEN;
    uint8_t visibility = surveyor->visibility[index];
    return !is_made && !is_hidden &&
           (visibility == VISIBLE_DEFAULT || visibility == VISIBLE_PROTECTED);
}

static void record(struct surveyor *surveyor, uint32_t index)
{
    struct dynamic *dynamic = surveyor->link->dynamic;
    const struct name *name = &surveyor->link->global_names.all.at[index];
    if (dynamic->text_of[index] || !name->size || !name->text[0] || !is_visible(surveyor, index))
        return;
    dynamic->text_of[index] = strings_add(&dynamic->texts, name->text, name->size);
}

/* The script's symbols behind those of the objects. */
static void record_of_script(struct surveyor *surveyor, const struct statement *s)
{
    for (; s; s = s->next) {
        if (s->kind == STATEMENT_OUTPUT)
            record_of_script(surveyor, s->body);
        uint32_t index = s->kind == STATEMENT_ASSIGN ? global_find(surveyor->link, s->name) : NONE;
        if (index != NONE && surveyor->link->globals.at[index].state == GLOBAL_SCRIPT)
            record(surveyor, index);
    }
}

static void record_all(struct surveyor *surveyor)
{
    struct link *link = surveyor->link;
    link->dynamic->text_of = NEW_ARRAY(&link->arena, uint32_t, link->globals.count + 1);
    strings_open(&link->dynamic->texts, &link->arena);
    if (!link->form.shared)
        return;
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = input->object->first_global; s < input->object->symbol_count; s++)
            if (input->named[s] != NONE)
                record(surveyor, input->named[s]);
    }
    record_of_script(surveyor, link->script->commands);
}

/* ---- sections' contents ---- */

void set_dynamic_contents(const struct dynamic *dynamic, uint32_t section,
                          const unsigned char *bytes, uint64_t size)
{
    struct section *made = &dynamic->object->sections[section];
    if (!section)
        return;
    made->bytes = bytes;
    made->size = size;
    dynamic->object->atoms[made->first_atom].size = size;
}

static void set_size(struct link *link, uint32_t section, uint64_t size)
{
    set_dynamic_contents(link->dynamic, section, arena_alloc(&link->arena, size + 1), size);
}

/* ---- .dynamic ---- */

static struct dynamic_entry *add_entry(struct link *link, uint64_t tag, uint8_t value)
{
    struct dynamic_entry *entry = list_add(&link->arena, &link->dynamic->list);
    *entry = (struct dynamic_entry){.tag = tag, .value = value, .section = NONE, .global = NONE};
    return entry;
}

static void add_number(struct link *link, uint64_t tag, uint64_t number)
{
    add_entry(link, tag, VALUE_PLAIN)->number = number;
}

static void add_section(struct link *link, uint64_t tag, uint32_t section, uint8_t value)
{
    if (section)
        add_entry(link, tag, value)->section = section;
}

static void add_function(struct link *link, uint64_t tag, const char *name)
{
    uint32_t global = global_find(link, name);
    if (global != NONE && link->globals.at[global].state > GLOBAL_WEAK_UNDEFINED)
        add_entry(link, tag, VALUE_ADDRESS)->global = global;
}

static bool is_linked(const struct link *link, const char *output)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live && link->atoms[atom].output != NONE &&
            strcmp(link->outputs.at[link->atoms[atom].output].name, output) == 0)
            return true;
    return false;
}

static void add_array(struct link *link, uint64_t tag, uint64_t size_tag, const char *output)
{
    if (!is_linked(link, output))
        return;
    add_entry(link, tag, VALUE_ADDRESS)->name = output;
    add_entry(link, size_tag, VALUE_SIZE)->name = output;
}

static bool is_discarded(const struct link *link, uint32_t section)
{
    const struct input *made = &link->inputs.at[link->made_input];
    return !link->atoms[made->first_atom + made->object->sections[section].first_atom].is_live;
}

/* A script that discards the names asks GNU ld for none of the tables. */
static void add_symbol_tables(struct link *link)
{
    const struct dynamic *dynamic = link->dynamic;
    if (is_discarded(link, dynamic->strings))
        return;
    add_section(link, DT_HASH, dynamic->hash, VALUE_ADDRESS);
    add_section(link, DT_GNU_HASH, dynamic->gnu_hash, VALUE_ADDRESS);
    add_section(link, DT_STRTAB, dynamic->strings, VALUE_ADDRESS);
    add_section(link, DT_SYMTAB, dynamic->symbols, VALUE_ADDRESS);
    add_section(link, DT_STRSZ, dynamic->strings, VALUE_SIZE);
    add_number(link, DT_SYMENT, link->form.is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
}

static bool add_relocations(struct link *link)
{
    bool any = false, is_64 = link->form.is_64;
    for (size_t i = 0; i < link->dynamic->tables.count; i++)
        any |= link->dynamic->tables.at[i].count != 0;
    if (!any)
        return false;
    add_entry(link, is_64 ? DT_RELA : DT_REL, VALUE_TABLES);
    add_entry(link, is_64 ? DT_RELASZ : DT_RELSZ, VALUE_TABLES_SIZE);
    add_number(link, is_64 ? DT_RELAENT : DT_RELENT,
               is_64 ? sizeof(Elf64_Rela) : sizeof(Elf32_Rel));
    return true;
}

/* Some of them are of no use to a program. */
static uint64_t loader_flags_1(const struct link *link)
{
    uint64_t of_libraries = DF_1_INITFIRST | DF_1_NODELETE | DF_1_NOOPEN;
    uint64_t flags = link->set->given.loader_flags_1;
    return link->form.shared ? flags : (flags & ~of_libraries) | DF_1_PIE;
}

static void list_entries(struct link *link, const struct surveyor *surveyor)
{
    const welt_options *given = &link->set->given;
    bool is_shared = link->form.shared, is_symbolic = is_shared && given->symbolic;
    uint64_t flags = given->loader_flags | (is_symbolic ? DF_SYMBOLIC : 0);
    uint64_t flags_1 = loader_flags_1(link);
    if (given->soname)
        add_number(link, DT_SONAME,
                   strings_add(&link->dynamic->texts, given->soname, strlen(given->soname)));
    if (is_symbolic)
        add_number(link, DT_SYMBOLIC, 0);
    add_function(link, DT_INIT, "_init");
    add_function(link, DT_FINI, "_fini");
    if (!is_shared)
        add_array(link, DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ, ".preinit_array");
    add_array(link, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, ".init_array");
    add_array(link, DT_FINI_ARRAY, DT_FINI_ARRAYSZ, ".fini_array");
    add_symbol_tables(link);
    if (!is_shared)
        add_number(link, DT_DEBUG, 0);
    if (add_relocations(link) && surveyor->has_text_relocations) {
        flags |= DF_TEXTREL;
        add_number(link, DT_TEXTREL, 0);
    }
    if (flags)
        add_number(link, DT_FLAGS, flags);
    if (flags_1)
        add_number(link, DT_FLAGS_1, flags_1);
}

static void resolve_soname(struct link *link)
{
    for (size_t i = 0; i < link->dynamic->list.count; i++)
        if (link->dynamic->list.at[i].tag == DT_SONAME)
            link->dynamic->list.at[i].number =
                link->dynamic->texts.offsets[link->dynamic->list.at[i].number];
}

void size_dynamic(struct link *link)
{
    struct dynamic *dynamic = link->dynamic;
    if (!dynamic)
        return;
    struct surveyor surveyor = {.link = link,
                                .visibility = narrowest_visibility(link, &link->arena)};
    uint64_t symbol = link->form.is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
    survey(&surveyor);
    record_all(&surveyor);
    list_entries(link, &surveyor);
    strings_close(&dynamic->texts, &link->arena);
    resolve_soname(link);
    set_size(link, dynamic->strings, dynamic->texts.size);
    strings_write(&dynamic->texts,
                  (unsigned char *)dynamic->object->sections[dynamic->strings].bytes);
    hash_dynamic(link);
    set_size(link, dynamic->symbols, symbol * (dynamic->visible.count + 1));
    set_size(link, dynamic->entries,
             dynamic->object->sections[dynamic->entries].entsize *
                 (dynamic->list.count + 1 + SPARE_ENTRIES));
    for (size_t i = 0; i < dynamic->tables.count; i++) {
        const struct dynamic_table *table = &dynamic->tables.at[i];
        set_size(link, table->section,
                 (uint64_t)table->count * dynamic->object->sections[table->section].entsize);
    }
}
