/* SPDX-License-Identifier: MIT
 *
 * Where the fields stand in the entries of an ELF file's tables: the one file that knows. Part of
 * elf_file.h; inline, as each is called for every entry of every object.
 *
 * Requires of every call but elf_section_at(): elf_check() found that the entry lies in the file.
 * ELF64 is a second elf_sizes and a second set of field offsets here (System V ABI, figures 4-3,
 * 4-8, 4-15, 4-20). */
#ifndef WELT_INPUT_ELF_TABLES_H
#define WELT_INPUT_ELF_TABLES_H

#include "input/bytes.h"
#include "input/elf_file.h"

static const struct elf_sizes elf32_sizes = {
    .header = sizeof(Elf32_Ehdr),
    .section = sizeof(Elf32_Shdr),
    .symbol = sizeof(Elf32_Sym),
    .rel = sizeof(Elf32_Rel),
    .rela = sizeof(Elf32_Rela),
};

static inline struct elf_section elf_section_at(const struct elf_file *file, uint64_t offset)
{
    const unsigned char *at = file->bytes + offset;
    return (struct elf_section){
        .name = get32(at),
        .type = get32(at + 4),
        .flags = get32(at + 8),
        .address = get32(at + 12),
        .offset = get32(at + 16),
        .size = get32(at + 20),
        .link = get32(at + 24),
        .info = get32(at + 28),
        .align = get32(at + 32),
        .entsize = get32(at + 36),
    };
}

static inline struct elf_symbol elf_symbol_at(const struct elf_file *file, uint32_t index)
{
    const unsigned char *at =
        file->bytes + file->sections[file->symtab].offset + (uint64_t)index * file->sizes->symbol;
    return (struct elf_symbol){
        .name = get32(at),
        .value = get32(at + 4),
        .size = get32(at + 8),
        .info = at[12],
        .other = at[13],
        .home = get16(at + 14),
    };
}

static inline struct elf_relocation
elf_relocation_at(const struct elf_file *file, const struct elf_section *table, uint64_t index)
{
    bool has_addend = table->type == SHT_RELA;
    const unsigned char *at =
        file->bytes + table->offset + index * (has_addend ? file->sizes->rela : file->sizes->rel);
    uint32_t info = get32(at + 4);
    return (struct elf_relocation){
        .offset = get32(at),
        .symbol = info >> 8,
        .type = info & 0xff,
        .addend = has_addend ? (int32_t)get32(at + 8) : 0,
    };
}

/* A symbol's section index, looked up in the wide table when it needs one. */
static inline uint32_t elf_symbol_section(const struct elf_file *file, uint32_t index,
                                          const struct elf_symbol *symbol)
{
    if (symbol->home != SHN_XINDEX)
        return symbol->home;
    return get32(file->bytes + file->sections[file->wide_homes].offset + (uint64_t)index * 4);
}

static inline const char *elf_symbol_name(const struct elf_file *file,
                                          const struct elf_symbol *symbol)
{
    const struct elf_section *names = &file->sections[file->sections[file->symtab].link];
    return (const char *)file->bytes + names->offset + symbol->name;
}

static inline const char *elf_section_name(const struct elf_file *file,
                                           const struct elf_section *section)
{
    if (!file->names || !section->name)
        return "";
    return (const char *)file->bytes + file->sections[file->names].offset + section->name;
}

/* Is this section one of the file's own tables, which take no part in a link? A string table that
 * is neither the symbols' nor the sections' is data like any other (.stabstr). */
static inline bool elf_is_meta(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *section = &file->sections[index];
    switch (section->type) {
    case SHT_NULL:
    case SHT_SYMTAB:
    case SHT_SYMTAB_SHNDX:
    case SHT_REL:
    case SHT_RELA:
    case SHT_GROUP: return true;
    case SHT_STRTAB:
        return index == file->names || (file->symtab && index == file->sections[file->symtab].link);
    default: return false;
    }
}

static inline bool elf_is_relocations(const struct elf_section *section)
{
    return section->type == SHT_REL || section->type == SHT_RELA;
}

#endif
