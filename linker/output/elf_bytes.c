/* SPDX-License-Identifier: MIT
 *
 * The tables of an ELF file as bytes, in either class.
 *
 * ELF32 and ELF64 hold the same fields; widths differ, and in program headers and symbols the
 * order. So each table is a list of fields, which names where a class has it (System V ABI, 4
 * "ELF Header", "Sections", "Symbol Table", "Relocation", 5 "Program Header"). */
#include "output/elf.h"

#include "ask.h"
#include "support/bytes.h"

#include <stddef.h>
#include <string.h>

struct field { /* where it stands; size 0 in neither class */
    uint8_t at32, size32, at64, size64;
};

#define FIELD(table, name)                                                                         \
    {                                                                                              \
        offsetof(Elf32_##table, name), sizeof(((Elf32_##table *)0)->name),                         \
            offsetof(Elf64_##table, name), sizeof(((Elf64_##table *)0)->name)                      \
    }

static void put(const struct elf *elf, unsigned char *to, struct field field, uint64_t value)
{
    if (elf->is_64)
        put_number(to + field.at64, value, field.size64);
    else
        put_number(to + field.at32, value, field.size32);
}

struct valued {
    struct field field;
    uint64_t value;
};

static void put_all(const struct elf *elf, unsigned char *to, const struct valued *all,
                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(elf, to, all[i].field, all[i].value);
}

#define PUT_ALL(elf, to, all) put_all(elf, to, all, sizeof(all) / sizeof *(all))

/* ---- the file's header ---- */

/* Whether GNU ld has made the section, which it may have taken away again since it is empty: for
 * input, data or an assignment. */
static bool was_made(const struct output *output)
{
    const struct statement *s = output->statement ? output->statement->body : NULL;
    while (s && s->kind != STATEMENT_ASSIGN)
        s = s->next;
    return !output->is_discard && (output->has_header || output->native_type || s);
}

/* GNU ld's fall-back, as it says itself, is the start of .text. lld has none. */
static uint64_t start_of_text(const struct link *link)
{
    if (link->form.shared || link->form.as_lld || link->form.kind == FORM_RELOCATABLE)
        return 0;
    for (size_t i = 0; i < link->outputs.count; i++)
        if (was_made(&link->outputs.at[i]) && strcmp(link->outputs.at[i].name, ".text") == 0)
            return link->outputs.at[i].address;
    return 0;
}

static uint64_t entry_of(const struct elf *elf)
{
    const struct link *link = elf->link;
    const char *by_option = link->set->given.entry;
    uint64_t number;
    /* A script without ENTRY: GNU ld looks for `start`, lld for `_start`. */
    bool is_guess = !by_option && !link->script->entry && link->set->face == WELT_FACE_LD;
    uint32_t entry =
        is_guess ? global_find(link, link->form.as_lld ? "_start" : "start") : link->entry_global;
    if (is_guess && entry == NONE)
        return start_of_text(link);
    if (entry != NONE) {
        struct target target = global_target(link, entry);
        bool is_known = target.kind != TARGET_UNDEFINED;
        return is_known ? target_address(link, &target) : start_of_text(link);
    }
    if (read_entry_number(by_option ? by_option : link->script->entry, &number))
        return number;
    return link->entry_atom == NONE ? start_of_text(link)
                                    : atom_address(link, link->entry_atom, link->entry_offset);
}

static bool asks_for_gnu(const struct elf *elf)
{
    if (elf->link->form.as_lld)
        return false;
    for (size_t i = 0; i < elf->sections.count; i++)
        if (elf->sections.at[i].flags & SHF_GNU_RETAIN)
            return true;
    for (size_t i = elf->first_global; i < elf->symbols.count; i++)
        if (ELF32_ST_BIND(elf->symbols.at[i].info) == STB_GNU_UNIQUE)
            return true;
    return false;
}

static uint64_t lowest_address(const struct link *link)
{
    uint64_t lowest = UINT64_MAX;
    for (size_t i = 0; i < link->program_headers.count; i++)
        if (link->program_headers.at[i].type == PT_LOAD &&
            link->program_headers.at[i].address < lowest)
            lowest = link->program_headers.at[i].address;
    return lowest;
}

/* GNU ld calls a -pie that does not begin at 0 a program for a fixed address. */
static unsigned file_type_of(const struct elf *elf)
{
    if (elf->is_object)
        return ET_REL;
    if (!elf->link->dynamic || (elf->link->form.pie && lowest_address(elf->link)))
        return ET_EXEC;
    return ET_DYN;
}

static void put_header(const struct elf *elf, unsigned char *file)
{
    size_t sections = elf->sections.count, segments = elf->link->program_headers.count;
    bool is_wide = sections >= SHN_LORESERVE;
    bool has_segments = segments && !elf->is_object;
    const unsigned char ident[] = {ELFMAG0,
                                   ELFMAG1,
                                   ELFMAG2,
                                   ELFMAG3,
                                   elf->is_64 ? ELFCLASS64 : ELFCLASS32,
                                   ELFDATA2LSB,
                                   EV_CURRENT,
                                   asks_for_gnu(elf) ? ELFOSABI_GNU : ELFOSABI_NONE};
    const struct valued all[] = {
        {FIELD(Ehdr, e_type), file_type_of(elf)},
        {FIELD(Ehdr, e_machine), elf->is_64 ? EM_X86_64 : EM_386},
        {FIELD(Ehdr, e_version), EV_CURRENT},
        {FIELD(Ehdr, e_entry), entry_of(elf)},
        {FIELD(Ehdr, e_phoff), has_segments ? elf_header_size(elf->link) : 0},
        {FIELD(Ehdr, e_shoff), elf->headers_offset},
        {FIELD(Ehdr, e_ehsize), elf_header_size(elf->link)},
        {FIELD(Ehdr, e_phentsize), has_segments ? program_header_size(elf->link) : 0},
        {FIELD(Ehdr, e_phnum), has_segments ? segments : 0},
        {FIELD(Ehdr, e_shentsize), elf->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)},
        {FIELD(Ehdr, e_shnum), is_wide ? 0 : sections},
        {FIELD(Ehdr, e_shstrndx), is_wide ? SHN_XINDEX : elf->shstrtab},
    };
    memcpy(file, ident, sizeof ident);
    PUT_ALL(elf, file, all);
}

static void put_program_header(const struct elf *elf, unsigned char *to,
                               const struct program_header *header)
{
    const struct valued all[] = {
        {FIELD(Phdr, p_type), header->type},        {FIELD(Phdr, p_offset), header->offset},
        {FIELD(Phdr, p_vaddr), header->address},    {FIELD(Phdr, p_paddr), header->load_address},
        {FIELD(Phdr, p_filesz), header->file_size}, {FIELD(Phdr, p_memsz), header->memory_size},
        {FIELD(Phdr, p_flags), header->flags},      {FIELD(Phdr, p_align), header->align},
    };
    PUT_ALL(elf, to, all);
}

/* ---- sections ---- */

static void put_section(const struct elf *elf, unsigned char *to, const struct elf_header *header)
{
    const struct valued all[] = {
        {FIELD(Shdr, sh_name), elf->names.offsets[header->name]},
        {FIELD(Shdr, sh_type), header->type},
        {FIELD(Shdr, sh_flags), header->flags},
        {FIELD(Shdr, sh_addr), header->address},
        {FIELD(Shdr, sh_offset), header->offset},
        {FIELD(Shdr, sh_size), header->size},
        {FIELD(Shdr, sh_link), header->link},
        {FIELD(Shdr, sh_info), header->info},
        {FIELD(Shdr, sh_addralign), header->align},
        {FIELD(Shdr, sh_entsize), header->entsize},
    };
    PUT_ALL(elf, to, all);
}

static void put_sections(const struct elf *elf, unsigned char *file)
{
    size_t size = elf->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
    unsigned char *to = file + elf->headers_offset;
    for (size_t i = 0; i < elf->sections.count; i++)
        put_section(elf, to + i * size, &elf->sections.at[i]);
    if (elf->sections.count >= SHN_LORESERVE) { /* section 0 holds what the header cannot */
        put(elf, to, (struct field)FIELD(Shdr, sh_size), elf->sections.count);
        put(elf, to, (struct field)FIELD(Shdr, sh_link), elf->shstrtab);
    }
}

/* ---- groups (System V ABI, 4 "Section Groups") ---- */

static uint32_t signature_symbol(const struct elf *elf, const struct elf_header *header)
{
    const struct input *input = &elf->link->inputs.at[header->input];
    const struct group *group = &input->object->groups[header->group];
    uint32_t global = global_find(elf->link, group->signature);
    if (global != NONE && elf->global_symbols[global])
        return elf->global_symbols[global];
    return elf->symbol_of[header->input][group->symbol];
}

static void put_group(const struct elf *elf, unsigned char *file, struct elf_header *header)
{
    const struct link *link = elf->link;
    const struct input *input = &link->inputs.at[header->input];
    const struct group *group = &input->object->groups[header->group];
    unsigned char *to = file + header->offset;
    header->link = elf->symtab;
    header->info = signature_symbol(elf, header);
    put_number(to, group->comdat ? GRP_COMDAT : 0, 4);
    for (uint32_t m = 0; m < group->member_count; m++) {
        const struct section *section = &input->object->sections[group->members[m]];
        uint32_t output = section->atom_count
                              ? link->atoms[input->first_atom + section->first_atom].output
                              : NONE;
        if (output == NONE || !elf->section_of[output])
            continue;
        put_number(to += 4, elf->section_of[output], 4);
        if (elf->relocations_of[output])
            put_number(to += 4, elf->relocations_of[output], 4);
    }
}

/* ---- symbols ---- */

void elf_put_symbol(const struct elf *elf, unsigned char *to, const struct elf_entry *entry,
                    uint64_t name)
{
    bool is_wide = !entry->is_special && entry->section >= SHN_LORESERVE;
    const struct valued all[] = {
        {FIELD(Sym, st_name), name},
        {FIELD(Sym, st_value), entry->value},
        {FIELD(Sym, st_size), entry->size},
        {FIELD(Sym, st_info), entry->info},
        {FIELD(Sym, st_other), entry->other},
        {FIELD(Sym, st_shndx), is_wide ? SHN_XINDEX : entry->section},
    };
    PUT_ALL(elf, to, all);
}

static void put_symbols(const struct elf *elf, unsigned char *file)
{
    const struct elf_header *table = &elf->sections.at[elf->symtab];
    for (size_t i = 0; i < elf->symbols.count; i++) {
        const struct elf_entry *entry = &elf->symbols.at[i];
        elf_put_symbol(elf, file + table->offset + i * table->entsize, entry,
                       elf->strings.offsets[entry->name]);
        if (elf->wide_homes && !entry->is_special && entry->section >= SHN_LORESERVE)
            put_number(file + elf->sections.at[elf->wide_homes].offset + 4 * i, entry->section, 4);
    }
    strings_write(&elf->strings, file + elf->sections.at[elf->strtab].offset);
}

void elf_put_relocation(const struct elf *elf, unsigned char *to,
                        const struct elf_relocation_kept *kept)
{
    uint64_t info = elf->is_64 ? ELF64_R_INFO(kept->symbol, kept->type)
                               : ELF32_R_INFO(kept->symbol, kept->type);
    put(elf, to, (struct field)FIELD(Rela, r_offset), kept->offset);
    put(elf, to, (struct field)FIELD(Rela, r_info), info);
    if (elf->is_64)
        put(elf, to, (struct field)FIELD(Rela, r_addend), (uint64_t)kept->addend);
}

/* ---- all ---- */

void elf_write_tables(const struct elf *elf, unsigned char *file)
{
    put_header(elf, file);
    for (size_t i = 0; !elf->is_object && i < elf->link->program_headers.count; i++)
        put_program_header(elf,
                           file + elf_header_size(elf->link) + i * program_header_size(elf->link),
                           &elf->link->program_headers.at[i]);
    for (size_t i = 0; i < elf->sections.count; i++)
        if (elf->sections.at[i].type == SHT_GROUP)
            put_group(elf, file, &elf->sections.at[i]);
    put_sections(elf, file);
    if (elf->symtab)
        put_symbols(elf, file);
    strings_write(&elf->names, file + elf->sections.at[elf->shstrtab].offset);
}
