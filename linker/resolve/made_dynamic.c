/* SPDX-License-Identifier: MIT
 *
 * The sections of a position-independent image (dynamic.h), as yet without a size.
 *
 * Requires: settled globals. Provides: link.dynamic with its sections, `_DYNAMIC`. In GNU ld's
 * order, since a script that does not name them has them placed as orphans. */
#include "ask.h"
#include "resolve/made.h"

#include <elf.h>
#include <string.h>

#ifndef SHT_GNU_HASH
#define SHT_GNU_HASH 0x6ffffff6
#endif

static uint32_t add(struct maker *maker, const char *name, uint32_t type, uint32_t flags,
                    uint32_t entsize)
{
    static const unsigned char none[1] = {0};
    uint32_t word = maker->link->form.is_64 ? 8 : 4;
    bool is_text = type == SHT_STRTAB || type == SHT_PROGBITS;
    struct section section = {.name = name,
                              .bytes = none,
                              .align = is_text ? 1 : word,
                              .entsize = entsize,
                              .flags = SECTION_ALLOC | SECTION_RETAIN | flags,
                              .type = type};
    return made_section(maker, section, made_owner(maker->link));
}

/* ---- tables of relocations, one for each name of sections that need them ---- */

static void want_table(struct maker *maker, const char *of)
{
    struct dynamic *dynamic = maker->link->dynamic;
    bool is_64 = maker->link->form.is_64;
    bool is_new;
    names_add(&dynamic->table_names, of, strlen(of), &is_new);
    if (!is_new)
        return;
    const char *name = arena_format(&maker->link->arena, "%s%s", is_64 ? ".rela" : ".rel", of);
    uint32_t entsize = is_64 ? sizeof(Elf64_Rela) : sizeof(Elf32_Rel);
    uint32_t section = add(maker, name, is_64 ? SHT_RELA : SHT_REL, 0, entsize);
    *list_add(&maker->link->arena, &dynamic->tables) = (struct dynamic_table){of, section, 0};
}

/* Commons have no place yet, and the ends of sections (_end, __start_x) no value: they will. */
static bool is_still_open(const struct link *link, const struct input *input, const struct ref *ref)
{
    uint32_t global = input->globals[ref->symbol];
    if (ref_kinds[ref->kind].operation != REF_ABSOLUTE || global == NONE)
        return false;
    uint8_t state = link->globals.at[global].state;
    return state == GLOBAL_COMMON || state <= GLOBAL_WEAK_UNDEFINED;
}

static bool wants_any(const struct link *link, const struct input *input,
                      const struct section *section)
{
    const struct ref *refs = input->object->refs + section->first_ref;
    for (uint32_t r = 0; r < section->ref_count; r++)
        if (ref_wants_relocation(link, input, section, &refs[r]) ||
            (section->flags & SECTION_ALLOC && is_still_open(link, input, &refs[r])))
            return true;
    return false;
}

static void make_tables(struct maker *maker)
{
    const struct link *link = maker->link;
    names_open(&link->dynamic->table_names, &maker->link->arena);
    want_table(maker, ".got");
    if (!link->form.shared) /* for what a program would copy out of a library */
        want_table(maker, ".data.rel.ro");
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = 1; s < input->object->section_count; s++)
            if (!input->section_gone[s] && wants_any(link, input, &input->object->sections[s]))
                want_table(maker, input->object->sections[s].name);
    }
}

/* ---- the others ---- */

static const char *interpreter_of(const struct link *link)
{
    const char *given = link->set->given.interpreter;
    if (given)
        return given;
    return link->form.is_64 ? "/lib/ld64.so.1" : "/usr/lib/libc.so.1";
}

static void make_interpreter(struct maker *maker)
{
    const struct link *link = maker->link;
    const char *path = interpreter_of(link);
    if (link->form.shared || !*path)
        return;
    uint32_t section = add(maker, ".interp", SHT_PROGBITS, 0, 0);
    struct section *made = &maker->sections.at[section];
    made->bytes = (const unsigned char *)path;
    made->size = strlen(path) + 1;
    maker->atoms.at[made->first_atom].size = made->size;
    link->dynamic->interpreter = section;
}

static void define_start(struct maker *maker, uint32_t section)
{
    uint32_t name = global_intern(maker->link, "_DYNAMIC", 8);
    struct global *global = &maker->link->globals.at[name];
    if (global->state > GLOBAL_WEAK_UNDEFINED)
        return;
    made_define(maker, global, name, section, 0);
    global->is_own = true;
}

/* GNU ld makes unwind information for a procedure table whether or not there is one. What is left
 * of it, a header of no size, stays in the file where KEEP names it and no object has any. */
static void make_unwind(struct maker *maker)
{
    uint32_t section = add(maker, ".eh_frame", SHT_PROGBITS, 0, 0);
    struct section *made = &maker->sections.at[section];
    made->align = maker->link->form.is_64 ? 8 : 4;
    maker->atoms.at[made->first_atom].align = made->align;
}

void make_dynamic(struct maker *maker)
{
    struct link *link = maker->link;
    bool is_64 = link->form.is_64;
    if (!link->form.pie && !link->form.shared)
        return;
    struct dynamic *dynamic = link->dynamic = NEW(&link->arena, struct dynamic);
    welt_hash_style style = link->set->given.hash_style;
    make_interpreter(maker);
    dynamic->symbols =
        add(maker, ".dynsym", SHT_DYNSYM, 0, is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
    dynamic->strings = add(maker, ".dynstr", SHT_STRTAB, 0, 0);
    dynamic->entries = add(maker, ".dynamic", SHT_DYNAMIC, SECTION_WRITE,
                           is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn));
    define_start(maker, dynamic->entries);
    if (style != WELT_HASH_GNU)
        dynamic->hash = add(maker, ".hash", SHT_HASH, 0, 4);
    if (style != WELT_HASH_SYSV)
        dynamic->gnu_hash = add(maker, ".gnu.hash", SHT_GNU_HASH, 0, is_64 ? 0 : 4);
    make_tables(maker);
    make_unwind(maker);
}
