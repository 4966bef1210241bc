/* SPDX-License-Identifier: MIT
 *
 * The ELF64 object for x86-64 that says what a finished ELF32 one of elf_builder.h says, so that
 * each test of a sound object is one of both classes. Relocation types become those of x86-64 that
 * write as many bytes; tables stay what they are, SHT_REL or SHT_RELA. */
#ifndef WELT_TESTS_ELF_WIDEN_H
#define WELT_TESTS_ELF_WIDEN_H

#include "elf_builder.h"

#include <stdbool.h>

enum { UNKNOWN_TYPE = 99 }; /* in either class */

static inline unsigned wide_type(unsigned type)
{
    static const unsigned char types[] = {
        [R_386_32] = R_X86_64_32,         [R_386_PC32] = R_X86_64_PC32,
        [R_386_PLT32] = R_X86_64_PLT32,   [R_386_16] = R_X86_64_16,
        [R_386_PC16] = R_X86_64_PC16,     [R_386_8] = R_X86_64_8,
        [R_386_PC8] = R_X86_64_PC8,       [R_386_TLS_LE] = R_X86_64_TPOFF32,
        [R_386_GLOB_DAT] = R_X86_64_COPY, [R_386_TLS_LDO_32] = R_X86_64_DTPOFF32,
    };
    bool is_known = type < sizeof types && types[type];
    return is_known || !type ? types[type] : UNKNOWN_TYPE;
}

static inline size_t widen_symbols(unsigned char *to, const Elf32_Sym *from, size_t count)
{
    for (size_t i = 0; i < count; i++, to += sizeof(Elf64_Sym)) {
        Elf64_Sym wide = {.st_name = from[i].st_name,
                          .st_info = from[i].st_info,
                          .st_other = from[i].st_other,
                          .st_shndx = from[i].st_shndx,
                          .st_value = from[i].st_value,
                          .st_size = from[i].st_size};
        memcpy(to, &wide, sizeof wide);
    }
    return count * sizeof(Elf64_Sym);
}

static inline size_t widen_rels(unsigned char *to, const Elf32_Rel *from, size_t count)
{
    for (size_t i = 0; i < count; i++, to += sizeof(Elf64_Rel)) {
        Elf64_Xword symbol = ELF32_R_SYM(from[i].r_info);
        Elf64_Rel wide = {.r_offset = from[i].r_offset,
                          .r_info = ELF64_R_INFO(symbol, wide_type(ELF32_R_TYPE(from[i].r_info)))};
        memcpy(to, &wide, sizeof wide);
    }
    return count * sizeof(Elf64_Rel);
}

static inline size_t widen_relas(unsigned char *to, const Elf32_Rela *from, size_t count)
{
    for (size_t i = 0; i < count; i++, to += sizeof(Elf64_Rela)) {
        Elf64_Xword symbol = ELF32_R_SYM(from[i].r_info);
        Elf64_Rela wide = {.r_offset = from[i].r_offset,
                           .r_info = ELF64_R_INFO(symbol, wide_type(ELF32_R_TYPE(from[i].r_info))),
                           .r_addend = from[i].r_addend};
        memcpy(to, &wide, sizeof wide);
    }
    return count * sizeof(Elf64_Rela);
}

/* Copies a section's bytes and gives their size. */
static inline size_t widen_bytes(unsigned char *to, const Elf32_Shdr *header, const void *from,
                                 size_t *entry)
{
    *entry = header->sh_entsize;
    if (header->sh_type == SHT_SYMTAB) {
        *entry = sizeof(Elf64_Sym);
        return widen_symbols(to, from, header->sh_size / sizeof(Elf32_Sym));
    }
    if (header->sh_type == SHT_REL) {
        *entry = sizeof(Elf64_Rel);
        return widen_rels(to, from, header->sh_size / sizeof(Elf32_Rel));
    }
    if (header->sh_type == SHT_RELA) {
        *entry = sizeof(Elf64_Rela);
        return widen_relas(to, from, header->sh_size / sizeof(Elf32_Rela));
    }
    if (header->sh_type != SHT_NOBITS)
        memcpy(to, from, header->sh_size);
    return header->sh_size;
}

static inline Elf64_Shdr widen_section(const struct elf_builder *builder, unsigned index,
                                       unsigned char *bytes, size_t *end)
{
    const Elf32_Shdr *from = &builder->headers[index];
    Elf64_Shdr wide = {.sh_name = from->sh_name,
                       .sh_type = from->sh_type,
                       .sh_flags = from->sh_flags,
                       .sh_addr = from->sh_addr,
                       .sh_link = from->sh_link,
                       .sh_info = from->sh_info,
                       .sh_addralign = from->sh_addralign};
    size_t entry;
    *end = (*end + 7) & ~(size_t)7;
    wide.sh_offset = *end;
    wide.sh_size = widen_bytes(bytes + *end, from, builder->bytes + from->sh_offset, &entry);
    wide.sh_entsize = entry;
    if (from->sh_type != SHT_NOBITS)
        *end += wide.sh_size;
    return wide;
}

/* Requires build_finish(). The caller frees what it is given. */
static inline unsigned char *build_widened(const struct elf_builder *builder, size_t *size)
{
    static Elf64_Shdr headers[BUILDER_SECTIONS];
    unsigned char *bytes = calloc(2, BUILDER_ROOM);
    size_t end = sizeof(Elf64_Ehdr);
    memset(headers, 0, sizeof headers);
    for (unsigned i = 1; i < builder->section_count; i++)
        headers[i] = widen_section(builder, i, bytes, &end);
    end = (end + 7) & ~(size_t)7;
    Elf64_Ehdr header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                         .e_type = ET_REL,
                         .e_machine = EM_X86_64,
                         .e_version = EV_CURRENT,
                         .e_shoff = end,
                         .e_ehsize = sizeof header,
                         .e_shentsize = sizeof *headers,
                         .e_shnum = (Elf64_Half)builder->section_count,
                         .e_shstrndx = (Elf64_Half)builder->strtab};
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + end, headers, builder->section_count * sizeof *headers);
    *size = end + builder->section_count * sizeof *headers;
    return bytes;
}

#endif
