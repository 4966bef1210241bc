/* SPDX-License-Identifier: MIT
 *
 * Which sections an ELF file has.
 *
 *     [0]  nothing
 *          groups (-r)
 *          the output sections in their order, each followed by its relocations (-r, -q)
 *          .symtab  .symtab_shndx  .strtab  .shstrtab
 *
 * Requires: outputs with elf_offset. elf_make_sections provides their headers; elf_place_tables,
 * when symbols are known, offsets and sizes of what is behind them. */
#include "output/elf.h"

#include "ask.h"
#include "input/stabs.h"
#include "steps.h"

#include <string.h>

#ifndef SHF_GNU_RETAIN
#define SHF_GNU_RETAIN (1 << 21)
#endif

static uint32_t add_section(struct elf *elf, const char *name, struct elf_header header)
{
    header.name = strings_add(&elf->names, name, strlen(name));
    *list_add(elf->arena, &elf->sections) = header;
    return (uint32_t)elf->sections.count - 1;
}

/* ---- what an output section is ---- */

struct merged { /* what its atoms agree on */
    uint32_t flags, entsize;
    uint32_t any_flags;     /* … or what one of them is: that is enough for lld */
    uint32_t table_entsize; /* of a table that the linker made, or 0 */
    bool any, differs;
    uint32_t native; /* flags that one of them is enough for */
};

static void join_atom(const struct elf *elf, uint32_t atom, struct merged *merged)
{
    static const uint32_t kept = SHF_GNU_RETAIN | SHF_EXCLUDE | SHF_COMPRESSED;
    const struct section *section = atom_section(elf->link, atom);
    uint32_t flags = section->native & (SHF_MERGE | SHF_STRINGS);
    merged->differs |=
        merged->any && (merged->flags != flags || merged->entsize != section->entsize);
    merged->any = true;
    merged->flags = flags;
    merged->any_flags |= flags;
    merged->entsize = section->entsize;
    bool is_made = elf->link->atoms[atom].input == elf->link->made_input;
    if (is_made && section->size && section->entsize)
        merged->table_entsize = section->entsize;
    merged->native |= section->native & (elf->is_object ? kept | SHF_LINK_ORDER : 0);
}

static struct merged join_atoms(const struct elf *elf, const struct output *output)
{
    struct merged merged = {0};
    for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
         s = s->next) {
        for (size_t i = 0; s->kind == STATEMENT_INPUT && i < elf->link->taken[s->index].count; i++)
            if (elf->link->atoms[elf->link->taken[s->index].at[i]].is_live)
                join_atom(elf, elf->link->taken[s->index].at[i], &merged);
    }
    for (size_t i = 0; i < output->orphans.count; i++)
        if (elf->link->atoms[output->orphans.at[i]].is_live)
            join_atom(elf, output->orphans.at[i], &merged);
    return merged;
}

/* GNU ld names the entries' size of a table that it made also where other things stand beside it,
 * and of arrays of functions, which .ctors may stand beside. */
static uint32_t entsize_of(const struct elf *elf, uint32_t type, const struct merged *merged)
{
    if (type >= SHT_INIT_ARRAY && type <= SHT_PREINIT_ARRAY)
        return elf->is_64 ? 8 : 4;
    if (merged->table_entsize)
        return merged->table_entsize;
    return merged->differs ? 0 : merged->entsize;
}

static uint64_t flags_of(const struct link *link, const struct output *output,
                         const struct merged *merged)
{
    static const struct {
        uint32_t flag;
        uint64_t native;
    } map[] = {{SECTION_ALLOC, SHF_ALLOC}, {SECTION_TLS, SHF_TLS}};
    uint64_t flags = merged->native;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (output->flags & map[i].flag)
            flags |= map[i].native;
    if (output_is_writable(link, output))
        flags |= SHF_WRITE;
    if (output_is_code(link, output))
        flags |= SHF_EXECINSTR;
    if (link->form.kind == FORM_RELOCATABLE && strcmp(output->name, ".note.GNU-stack") == 0 &&
        stack_flags(link) & PF_X)
        flags |= SHF_EXECINSTR;
    if (link->form.as_lld)
        return flags | merged->any_flags;
    return flags | (merged->differs ? 0 : merged->flags);
}

static uint32_t type_of(const struct output *output)
{
    if (output->asked_type)
        return output->asked_type;
    if (output->flags & SECTION_NOBITS)
        return SHT_NOBITS;
    if (!output->native_type && strcmp(output->name, ".stabstr") == 0)
        return SHT_STRTAB; /* by its name, also where the script alone has put something into it */
    if (!output->native_type || output->native_type == SHT_NOBITS)
        return SHT_PROGBITS;
    return output->native_type;
}

static void add_output(struct elf *elf, uint32_t index)
{
    const struct output *output = &elf->link->outputs.at[index];
    struct merged merged = join_atoms(elf, output);
    uint64_t align = output->header_align;
    if (!elf->link->form.as_lld)
        align |= output->address; /* which may ask for less */
    struct elf_header header = {
        .type = type_of(output),
        .flags = flags_of(elf->link, output, &merged),
        .address = output->address,
        .offset = output->elf_offset,
        .size = output->size,
        .align = align & -align,
        .entsize = entsize_of(elf, type_of(output), &merged),
        .output = index,
    };
    elf->section_of[index] = add_section(elf, output->name, header);
}

/* ---- groups ---- */

static const struct output *output_of_section(const struct elf *elf, const struct input *input,
                                              uint32_t section, uint32_t *index)
{
    const struct section *its = &input->object->sections[section];
    *index = its->atom_count ? elf->link->atoms[input->first_atom + its->first_atom].output : NONE;
    const struct output *output = *index == NONE ? NULL : &elf->link->outputs.at[*index];
    return output && output->has_header ? output : NULL;
}

static uint32_t live_members(const struct elf *elf, const struct input *input,
                             const struct group *group)
{
    uint32_t count = 0, index;
    for (uint32_t m = 0; m < group->member_count; m++)
        if (output_of_section(elf, input, group->members[m], &index))
            count += elf->relocation_counts[index] ? 2 : 1;
    return count;
}

/* Groups come before all other sections, in the file too. */
static void add_groups(struct elf *elf)
{
    uint64_t at = elf_header_size(elf->link);
    for (uint32_t i = 0; i < elf->link->made_input; i++) {
        const struct input *input = &elf->link->inputs.at[i];
        for (uint32_t g = 0; g < input->object->group_count; g++) {
            uint32_t count = live_members(elf, input, &input->object->groups[g]);
            if (!count)
                continue;
            struct elf_header header = {.type = SHT_GROUP,
                                        .offset = at,
                                        .size = 4 * (count + 1ull),
                                        .align = 4,
                                        .entsize = 4,
                                        .output = NONE,
                                        .input = i,
                                        .group = g};
            *list_add(elf->arena, &elf->sections) = header;
            elf->group_count++;
            at += header.size;
        }
    }
}

/* GNU ld's orphans of groups: among what is not loaded, in the order of the inputs. */
static bool comes_behind_groups(const struct elf *elf, const struct output *output)
{
    if (!elf->group_count || elf->sections.at[1].name)
        return false;
    bool is_apart = !output->statement && !(output->flags & SECTION_ALLOC) && output->orphans.count;
    return is_apart && elf->link->atoms[output->orphans.at[0]].input >= elf->sections.at[1].input;
}

static void name_groups(struct elf *elf)
{
    for (uint32_t i = 1; i <= elf->group_count; i++)
        elf->sections.at[i].name = strings_add(&elf->names, ".group", strlen(".group"));
}

/* ---- relocations ---- */

static void add_relocations(struct elf *elf, uint32_t index)
{
    const struct output *output = &elf->link->outputs.at[index];
    uint32_t target = elf->section_of[index];
    struct elf_header header = {
        .type = elf->is_64 ? SHT_RELA : SHT_REL,
        .flags = SHF_INFO_LINK | (elf->sections.at[target].flags & SHF_GROUP),
        .info = target,
        .align = elf->is_64 ? 8 : 4,
        .entsize = elf_relocation_size(elf),
        .output = NONE,
    };
    header.size = (uint64_t)elf->relocation_counts[index] * header.entsize;
    const char *name =
        arena_format(elf->arena, "%s%s", elf->is_64 ? ".rela" : ".rel", output->name);
    elf->relocations_of[index] = add_section(elf, name, header);
}

/* SHF_GROUP of members; sh_link of what follows another section (SHF_LINK_ORDER). */
static void mark_section(struct elf *elf, uint32_t index)
{
    struct link *link = elf->link;
    const struct output *output = &link->outputs.at[index];
    struct elf_header *header = &elf->sections.at[elf->section_of[index]];
    if (!elf->is_object || output->statement || !output->orphans.count)
        return;
    const struct input *input = &link->inputs.at[link->atoms[output->orphans.at[0]].input];
    const struct section *section = atom_section(link, output->orphans.at[0]);
    uint32_t followed;
    if (section->group)
        header->flags |= SHF_GROUP;
    if (section->link && output_of_section(elf, input, section->link, &followed))
        header->link = elf->section_of[followed];
}

static void add_with_relocations(struct elf *elf, uint32_t index)
{
    if (comes_behind_groups(elf, &elf->link->outputs.at[index]))
        name_groups(elf);
    add_output(elf, index);
    mark_section(elf, index);
    if (elf->relocation_counts[index])
        add_relocations(elf, index);
}

/* ".stab" and the tables of its strings, ".stab.index" and ".stab.indexstr". */
static bool is_of_stabs(const struct elf *elf, uint32_t index)
{
    return elf->section_of[index] &&
           strncmp(elf->link->outputs.at[index].name, ".stab", strlen(".stab")) == 0;
}

static uint32_t add_stab_name(const struct elf *elf, struct names *names, uint32_t index)
{
    const char *name = elf->link->outputs.at[index].name;
    bool is_new;
    return names_add(names, name, strlen(name), &is_new);
}

static void link_strings(struct elf *elf, const struct names *names, const uint32_t *by_name,
                         uint32_t strings)
{
    const char *name = elf->link->outputs.at[elf->sections.at[strings].output].name;
    size_t size = strlen(name), suffix = strlen("str");
    if (elf->sections.at[strings].type != SHT_STRTAB || strcmp(name + size - suffix, "str") != 0)
        return;
    uint32_t number = names_find(names, name, size - suffix);
    if (number == NO_NAME)
        return;
    struct elf_header *stabs = &elf->sections.at[by_name[number]];
    stabs->link = strings;
    if (!stabs->entsize)
        stabs->entsize = STAB_SIZE;
}

/* A table of stabs' strings is known by its name alone. */
static void link_stabs(struct elf *elf)
{
    uint32_t count = (uint32_t)elf->link->outputs.count, *by_name = NULL;
    struct names names = {0};
    for (uint32_t i = count; i-- > 0;) { /* of one name the first counts */
        if (!is_of_stabs(elf, i))
            continue;
        if (!by_name) {
            by_name = NEW_ARRAY(elf->arena, uint32_t, count);
            names_open(&names, elf->arena);
        }
        by_name[add_stab_name(elf, &names, i)] = elf->section_of[i];
    }
    for (uint32_t i = 0; by_name && i < count; i++)
        if (is_of_stabs(elf, i))
            link_strings(elf, &names, by_name, elf->section_of[i]);
}

void elf_make_sections(struct elf *elf)
{
    size_t count = elf->link->outputs.count;
    elf->section_of = NEW_ARRAY(elf->arena, uint32_t, count + 1);
    elf->relocations_of = NEW_ARRAY(elf->arena, uint32_t, count + 1);
    elf->relocation_counts = NEW_ARRAY(elf->arena, uint32_t, count + 1);
    *list_add(elf->arena, &elf->sections) = (struct elf_header){.output = NONE};
    /* The tables' names come first in GNU ld's table of names. */
    if (elf->link->set->given.strip != WELT_STRIP_ALL || elf->has_relocations) {
        strings_add(&elf->names, ".symtab", 7);
        strings_add(&elf->names, ".strtab", 7);
    }
    strings_add(&elf->names, ".shstrtab", 9);
    if (elf->has_relocations)
        elf_count_relocations(elf);
    if (elf->is_object)
        add_groups(elf);
    for (size_t i = 0; i < elf->link->header_order.count; i++)
        add_with_relocations(elf, elf->link->header_order.at[i]);
    name_groups(elf);
    for (uint32_t i = 0; i < count; i++) /* followed sections may stand behind */
        if (elf->section_of[i])
            mark_section(elf, i);
    link_stabs(elf);
}

/* ---- the tables ---- */

static void place(struct elf *elf, uint32_t index, uint64_t *at)
{
    struct elf_header *header = &elf->sections.at[index];
    *at = (*at + header->align - 1) & -header->align;
    header->offset = *at;
    *at += header->size;
}

static bool has_wide_homes(const struct elf *elf)
{
    return elf->sections.count + 4 >= SHN_LORESERVE;
}

static void add_tables(struct elf *elf)
{
    uint64_t size = elf->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
    struct elf_header symtab = {.type = SHT_SYMTAB,
                                .size = elf->symbols.count * size,
                                .entsize = size,
                                .align = elf->is_64 ? 8 : 4,
                                .info = elf->first_global,
                                .output = NONE};
    struct elf_header wide = {.type = SHT_SYMTAB_SHNDX,
                              .size = elf->symbols.count * 4,
                              .entsize = 4,
                              .align = 4,
                              .output = NONE};
    struct elf_header strings = {.type = SHT_STRTAB, .align = 1, .output = NONE};
    if (elf->symbols.count) {
        bool is_wide = has_wide_homes(elf);
        elf->symtab = add_section(elf, ".symtab", symtab);
        wide.link = elf->symtab;
        if (is_wide)
            elf->wide_homes = add_section(elf, ".symtab_shndx", wide);
        strings.size = elf->strings.size;
        elf->strtab = add_section(elf, ".strtab", strings);
        elf->sections.at[elf->symtab].link = elf->strtab;
    }
    elf->shstrtab = add_section(elf, ".shstrtab", strings);
    strings_close(&elf->names, elf->arena);
    elf->sections.at[elf->shstrtab].size = elf->names.size;
}

/* Symbols and strings, then relocations, then names and headers: GNU ld's order. */
void elf_place_tables(struct elf *elf)
{
    uint64_t at = elf->link->sections_end;
    if (elf->symbols.count)
        strings_close(&elf->strings, elf->arena);
    add_tables(elf);
    for (uint32_t i = elf->symtab; elf->symtab && i <= elf->strtab; i++)
        place(elf, i, &at);
    for (size_t i = 0; i < elf->link->header_order.count; i++) {
        uint32_t relocations = elf->relocations_of[elf->link->header_order.at[i]];
        if (!relocations)
            continue;
        elf->sections.at[relocations].link = elf->symtab;
        place(elf, relocations, &at);
    }
    place(elf, elf->shstrtab, &at);
    uint64_t align = elf->is_64 ? 8 : 4;
    elf->headers_offset = (at + align - 1) & -align;
    elf->size = elf->headers_offset +
                elf->sections.count * (elf->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
}
