/* SPDX-License-Identifier: MIT
 *
 * Where the fields stand in the entries of an ELF file's tables: the one file that knows. Part of
 * elf_file.h; inline, as each is called for every entry of every object.
 *
 * Requires of every call but elf_section_at(): elf_check() found that the entry lies in the file.
 * The two classes differ in the width and, for symbols, the order of their fields (System V ABI,
 * figures 4-3, 4-8, 4-15, 4-20). */
#ifndef WELT_INPUT_ELF_TABLES_H
#define WELT_INPUT_ELF_TABLES_H

#include "input/elf_file.h"
#include "support/bytes.h"

#define SHAPE(wide, bits)                                                                          \
    {                                                                                              \
        .is_wide = (wide), .header = sizeof(Elf##bits##_Ehdr),                                     \
        .section = sizeof(Elf##bits##_Shdr), .symbol = sizeof(Elf##bits##_Sym),                    \
        .rel = sizeof(Elf##bits##_Rel), .rela = sizeof(Elf##bits##_Rela),                          \
        .dynamic = sizeof(Elf##bits##_Dyn), .section_offset = offsetof(Elf##bits##_Ehdr, e_shoff), \
        .section_size = offsetof(Elf##bits##_Ehdr, e_shentsize),                                   \
        .section_count = offsetof(Elf##bits##_Ehdr, e_shnum),                                      \
        .names = offsetof(Elf##bits##_Ehdr, e_shstrndx)                                            \
    }

static const struct elf_shape elf32_shape = SHAPE(false, 32);
static const struct elf_shape elf64_shape = SHAPE(true, 64);

#undef SHAPE

/* A number as wide as the class's addresses. */
static inline uint64_t elf_word(const struct elf_file *file, const unsigned char *at)
{
    return file->shape->is_wide ? get64(at) : get32(at);
}

static inline struct elf_section elf32_section(const unsigned char *at)
{
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

static inline struct elf_section elf64_section(const unsigned char *at)
{
    return (struct elf_section){
        .name = get32(at),
        .type = get32(at + 4),
        .flags = get64(at + 8),
        .address = get64(at + 16),
        .offset = get64(at + 24),
        .size = get64(at + 32),
        .link = get32(at + 40),
        .info = get32(at + 44),
        .align = get64(at + 48),
        .entsize = get64(at + 56),
    };
}

static inline struct elf_section elf_section_at(const struct elf_file *file, uint64_t offset)
{
    const unsigned char *at = file->bytes + offset;
    return file->shape->is_wide ? elf64_section(at) : elf32_section(at);
}

static inline struct elf_symbol elf32_symbol(const unsigned char *at)
{
    return (struct elf_symbol){
        .name = get32(at),
        .value = get32(at + 4),
        .size = get32(at + 8),
        .info = at[12],
        .other = at[13],
        .home = get16(at + 14),
    };
}

static inline struct elf_symbol elf64_symbol(const unsigned char *at)
{
    return (struct elf_symbol){
        .name = get32(at),
        .info = at[4],
        .other = at[5],
        .home = get16(at + 6),
        .value = get64(at + 8),
        .size = get64(at + 16),
    };
}

static inline struct elf_symbol elf_symbol_at(const struct elf_file *file, uint32_t index)
{
    const unsigned char *at =
        file->bytes + file->sections[file->symtab].offset + (uint64_t)index * file->shape->symbol;
    return file->shape->is_wide ? elf64_symbol(at) : elf32_symbol(at);
}

static inline struct elf_relocation
elf_relocation_at(const struct elf_file *file, const struct elf_section *table, uint64_t index)
{
    bool has_addend = table->type == SHT_RELA, is_wide = file->shape->is_wide;
    const unsigned char *at =
        file->bytes + table->offset + index * (has_addend ? file->shape->rela : file->shape->rel);
    unsigned word = is_wide ? 8 : 4;
    uint64_t info = elf_word(file, at + word);
    struct elf_relocation relocation = {
        .offset = elf_word(file, at),
        .symbol = (uint32_t)(info >> (is_wide ? 32 : 8)),
        .type = (uint32_t)info & (is_wide ? UINT32_MAX : 0xff),
    };
    if (has_addend)
        relocation.addend = is_wide ? (int64_t)get64(at + 16) : (int32_t)get32(at + 8);
    return relocation;
}

/* Is this where a common symbol lives? Large ones (x86-64 psABI, 4.2: SHN_AMD64_LCOMMON) go where
 * the others go: an image has one data area. */
static inline bool elf_is_common(const struct elf_file *file, uint32_t home)
{
    return home == SHN_COMMON || (file->shape->is_wide && home == SHN_X86_64_LCOMMON);
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
