/* SPDX-License-Identifier: MIT
 *
 * Builds ELF32 i386 objects for tests, sound ones; a test then bends single fields of the finished
 * bytes. */
#ifndef WELT_TESTS_ELF_BUILDER_H
#define WELT_TESTS_ELF_BUILDER_H

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { BUILDER_SECTIONS = 64, BUILDER_SYMBOLS = 64, BUILDER_RELS = 64, BUILDER_ROOM = 1 << 20 };

struct elf_builder {
    Elf32_Shdr headers[BUILDER_SECTIONS];
    const void *contents[BUILDER_SECTIONS]; /* of sections that the caller gave */
    char names[4096];                       /* of sections and of symbols */
    unsigned names_size;
    unsigned section_count; /* the null section included */
    Elf32_Sym symbols[BUILDER_SYMBOLS];
    unsigned symbol_count;
    struct {
        unsigned target;
        Elf32_Rel rel;
    } rels[BUILDER_RELS];
    unsigned rel_count;
    unsigned first_global, symtab, strtab;
    unsigned char *bytes; /* after build_finish() */
    size_t size;
};

static inline unsigned build_name(struct elf_builder *builder, const char *name)
{
    unsigned at = builder->names_size;
    memcpy(builder->names + at, name, strlen(name) + 1);
    builder->names_size += (unsigned)strlen(name) + 1;
    return at;
}

static inline void build_open(struct elf_builder *builder)
{
    memset(builder, 0, sizeof *builder);
    builder->names_size = 1;
    builder->section_count = builder->symbol_count = builder->first_global = 1;
}

static inline unsigned build_section(struct elf_builder *builder, const char *name, unsigned type,
                                     unsigned flags, const void *contents, size_t size)
{
    unsigned index = builder->section_count++;
    builder->contents[index] = contents;
    builder->headers[index] = (Elf32_Shdr){.sh_name = build_name(builder, name),
                                           .sh_type = type,
                                           .sh_flags = flags,
                                           .sh_size = (Elf32_Word)size,
                                           .sh_addralign = 1};
    return index;
}

/* Locals come before globals. */
static inline unsigned build_symbol(struct elf_builder *builder, const char *name, unsigned value,
                                    unsigned binding, unsigned type, unsigned section)
{
    unsigned index = builder->symbol_count++;
    builder->symbols[index] = (Elf32_Sym){.st_name = *name ? build_name(builder, name) : 0,
                                          .st_value = value,
                                          .st_info = (unsigned char)ELF32_ST_INFO(binding, type),
                                          .st_shndx = (Elf32_Section)section};
    if (binding == STB_LOCAL)
        builder->first_global = builder->symbol_count;
    return index;
}

static inline void build_rel(struct elf_builder *builder, unsigned target, unsigned offset,
                             unsigned symbol, unsigned type)
{
    builder->rels[builder->rel_count].target = target;
    builder->rels[builder->rel_count++].rel =
        (Elf32_Rel){.r_offset = offset, .r_info = ELF32_R_INFO(symbol, type)};
}

/* ---- putting it together ---- */

static inline void build_put(struct elf_builder *builder, unsigned section, const void *from)
{
    Elf32_Shdr *header = &builder->headers[section];
    builder->size = (builder->size + 3) & ~(size_t)3;
    header->sh_offset = (Elf32_Off)builder->size;
    if (header->sh_type == SHT_NOBITS)
        return;
    if (header->sh_size)
        memcpy(builder->bytes + builder->size, from, header->sh_size);
    builder->size += header->sh_size;
}

/* Takes the relocations of the section of the first one that is left. */
static inline void build_rel_table(struct elf_builder *builder)
{
    static Elf32_Rel table[BUILDER_RELS];
    unsigned target = builder->rels[0].target, count = 0, left = 0;
    for (unsigned i = 0; i < builder->rel_count; i++) {
        if (builder->rels[i].target == target)
            table[count++] = builder->rels[i].rel;
        else
            builder->rels[left++] = builder->rels[i];
    }
    builder->rel_count = left;
    unsigned index =
        build_section(builder, ".rel", SHT_REL, SHF_INFO_LINK, table, count * sizeof *table);
    builder->headers[index].sh_entsize = sizeof *table;
    builder->headers[index].sh_link = builder->symtab;
    builder->headers[index].sh_info = target;
    build_put(builder, index, table);
}

static inline void build_tables(struct elf_builder *builder)
{
    builder->symtab = build_section(builder, ".symtab", SHT_SYMTAB, 0, NULL,
                                    builder->symbol_count * sizeof *builder->symbols);
    builder->headers[builder->symtab].sh_entsize = sizeof *builder->symbols;
    builder->headers[builder->symtab].sh_info = builder->first_global;
    builder->headers[builder->symtab].sh_link = builder->symtab + 1;
    builder->strtab = build_section(builder, ".strtab", SHT_STRTAB, 0, NULL, 0);
    build_put(builder, builder->symtab, builder->symbols);
    while (builder->rel_count)
        build_rel_table(builder);
    builder->headers[builder->strtab].sh_size = builder->names_size;
    build_put(builder, builder->strtab, builder->names);
}

/* The finished object's own header and tables, to be bent. */
static inline Elf32_Ehdr *built_header(struct elf_builder *builder)
{
    return (void *)builder->bytes;
}

static inline Elf32_Shdr *built_section(struct elf_builder *builder, unsigned index)
{
    return (Elf32_Shdr *)(void *)(builder->bytes + built_header(builder)->e_shoff) + index;
}

static inline Elf32_Sym *built_symbol(struct elf_builder *builder, unsigned index)
{
    return (Elf32_Sym *)(void *)(builder->bytes +
                                 built_section(builder, builder->symtab)->sh_offset) +
           index;
}

static inline void build_finish(struct elf_builder *builder)
{
    builder->bytes = calloc(1, BUILDER_ROOM);
    builder->size = sizeof(Elf32_Ehdr);
    for (unsigned i = 1, given = builder->section_count; i < given; i++)
        build_put(builder, i, builder->contents[i]);
    build_tables(builder);
    Elf32_Ehdr header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                         .e_type = ET_REL,
                         .e_machine = EM_386,
                         .e_version = EV_CURRENT,
                         .e_ehsize = sizeof header,
                         .e_shentsize = sizeof(Elf32_Shdr),
                         .e_shnum = (Elf32_Half)builder->section_count,
                         .e_shstrndx = (Elf32_Half)builder->strtab};
    builder->size = (builder->size + 3) & ~(size_t)3;
    header.e_shoff = (Elf32_Off)builder->size;
    memcpy(builder->bytes, &header, sizeof header);
    memcpy(builder->bytes + builder->size, builder->headers,
           builder->section_count * sizeof *builder->headers);
    builder->size += builder->section_count * sizeof *builder->headers;
}

static inline void build_close(struct elf_builder *builder)
{
    free(builder->bytes);
}

#endif
