/* SPDX-License-Identifier: MIT
 *
 * An ELF file's raw tables, inside linker/input only: how their entries are read (elf_tables.c),
 * that they can be believed (elf_check.c), and what is made of them (elf_object.c, elf_refs.c,
 * split.c).
 *
 * Sources: System V ABI, chapters 4 "Object Files" (edition of 2013, draft) and its Intel386
 * supplement 1.0, 4.1 to 4.4; the SHT_GROUP, SHT_SYMTAB_SHNDX and SHF_COMPRESSED sections of the
 * former. */
#ifndef WELT_INPUT_ELF_FILE_H
#define WELT_INPUT_ELF_FILE_H

#include "input/object.h"

#include <elf.h>

#ifndef SHF_GNU_RETAIN
#define SHF_GNU_RETAIN (1 << 21)
#endif
enum { SHT_CREL_LLVM = 0x40000014 }; /* compact relocations, clang -Wa,--crel */

/* A section header, its fields as wide as ELF64 has them: one form for both classes. */
struct elf_section {
    uint64_t flags, address, offset, size, align, entsize;
    uint32_t name, type, link, info;
    uint32_t name_size; /* found by elf_check() */
};

struct elf_symbol {
    uint64_t value, size;
    uint32_t name;
    uint16_t home; /* st_shndx as it stands: SHN_XINDEX too */
    uint8_t info, other;
};

struct elf_relocation {
    uint64_t offset;
    int64_t addend; /* 0 in a SHT_REL table */
    uint32_t symbol, type;
};

/* The sizes of a class's table entries. */
struct elf_sizes {
    uint8_t header, section, symbol, rel, rela;
};

struct elf_file {
    struct host *host;
    struct arena *arena;   /* the object's */
    struct arena *scratch; /* dropped when the object is read */
    struct place place;
    const unsigned char *bytes;
    uint64_t size;
    uint64_t section_offset; /* of the section header table */
    const struct elf_sizes *sizes;
    struct elf_section *sections;
    uint32_t section_count;
    uint32_t names;        /* the section that holds the sections' names, 0: none */
    uint32_t symtab;       /* the symbol table, 0: none */
    uint32_t wide_homes;   /* SHT_SYMTAB_SHNDX, 0: none */
    uint32_t symbol_count; /* the null symbol included */
};

/* ---- elf_tables.c: where a field stands in its entry ---- */

extern const struct elf_sizes elf32_sizes;
struct elf_section elf_section_at(const struct elf_file *file, uint64_t offset);
struct elf_symbol elf_symbol_at(const struct elf_file *file, uint32_t index);
struct elf_relocation elf_relocation_at(const struct elf_file *file,
                                        const struct elf_section *table, uint64_t index);
/* A symbol's section index, looked up in the wide table when it needs one. */
uint32_t elf_symbol_section(const struct elf_file *file, uint32_t index,
                            const struct elf_symbol *symbol);
const char *elf_symbol_name(const struct elf_file *file, const struct elf_symbol *symbol);
const char *elf_section_name(const struct elf_file *file, const struct elf_section *section);
static inline bool elf_is_relocations(const struct elf_section *section)
{
    return section->type == SHT_REL || section->type == SHT_RELA;
}
/* Is this section one of the file's own tables, which take no part in a link? */
bool elf_is_meta(const struct elf_file *file, uint32_t index);

/* ---- elf_check.c ---- */

/* Requires: the bytes are an ELF32 i386 object by their header (file_kind_of), and host, arenas,
 * place, bytes, size are set. Provides the rest, and that every number in the tables may be
 * believed; or false after an error was diagnosed. */
bool elf_check(struct elf_file *file);

/* "section 5 (.text)", for messages. A value, so that two fit into one call. */
struct elf_title {
    char text[100];
};
struct elf_title elf_title(const struct elf_file *file, uint64_t index);

/* Reports damage; always false. */
bool elf_damaged(const struct elf_file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- llvm_object.c: what llvm-c says ---- */

/* Fills name, bytes and size of sections[1..count). Bytes are asked for only where `bytes` is not
 * NULL yet: llvm-c's contents of a section without bytes point to nowhere. Requires a checked file.
 * Allocates nothing of Welt's own, so nothing jumps past LLVM. false: LLVM does not open the file
 * or counts its sections differently. */
bool llvm_read_sections(const unsigned char *bytes, size_t size, struct section *sections,
                        uint32_t count);

/* ---- split.c ---- */

/* Sets atom_count of each section and object->atom_count; takes SECTION_MERGE from what can't be
 * split. */
void count_atoms(struct object *object);
/* Requires count_atoms(). Provides object->atoms but for their refs. */
void make_atoms(struct arena *arena, struct object *object);

/* ---- elf_refs.c ---- */

/* Reads every relocation table. Requires sections and symbols. Provides object->refs in order, and
 * first_ref and ref_count of the sections; or false after errors were diagnosed. */
bool read_refs(const struct elf_file *file, struct object *object);

#endif
