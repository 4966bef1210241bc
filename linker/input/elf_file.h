/* SPDX-License-Identifier: MIT
 *
 * An ELF file's raw tables, inside linker/input only: how their entries are read (elf_tables.h),
 * that they can be believed (elf_check.c, elf_check_symbols.c, elf_linked.c), and what is made of
 * them (elf_object.c, elf_refs.c, split.c).
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
#define ELF_MOST_ALIGN ((uint64_t)1 << 31) /* what ELF32 can say */
enum { SHN_X86_64_LCOMMON = 0xff02 };
enum { SHT_CREL_LLVM = 0x40000014 }; /* compact relocations, clang -Wa,--crel */

enum split { SPLIT_NOT, SPLIT_PIECES, SPLIT_RECORDS, SPLIT_STABS };

/* A section header, its fields as wide as ELF64 has them: one form for both classes. */
struct elf_section {
    uint64_t flags, address, offset, size, align, entsize;
    uint32_t name, type, link, info;
    uint32_t name_size;  /* found by elf_check() */
    uint32_t ref_count;  /* of the tables that apply to it: count_refs() */
    uint32_t atom_count; /* count_atoms() */
    uint8_t split;       /* enum split: count_atoms() */
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

/* A class: the sizes of its table entries, and where its file header has what is read of it. */
struct elf_shape {
    bool is_wide; /* ELFCLASS64 */
    uint8_t header, section, symbol, rel, rela, dynamic;
    uint8_t section_offset, section_size, section_count, names; /* offsets of e_shoff, … */
};

struct elf_file {
    struct host *host;
    struct arena *arena;   /* the object's */
    struct arena *scratch; /* dropped when the object is read */
    struct place place;
    const unsigned char *bytes;
    uint64_t size;
    uint64_t section_offset; /* of the section header table */
    const struct elf_shape *shape;
    bool is_linked; /* ET_EXEC or ET_DYN */
    struct elf_section *sections;
    uint32_t section_count;
    uint32_t names;        /* the section that holds the sections' names, 0: none */
    uint32_t symtab;       /* the symbol table, 0: none */
    uint32_t wide_homes;   /* SHT_SYMTAB_SHNDX, 0: none */
    uint32_t symbol_count; /* the null symbol included */
    uint32_t ref_count, atom_count;
};

/* ---- elf_check.c ---- */

/* Requires: the bytes are an object for i386 or x86-64 by their header (file_kind_of), and host,
 * arenas, place, bytes, size, shape are set. Provides the rest, and that every number in the tables
 * may be believed; or false after an error was diagnosed. */
bool elf_check(struct elf_file *file);

/* elf_linked.c: can the sections of this linked file be linked again? Requires sections, each in
 * its range; or false after an error was diagnosed. */
bool elf_check_linked(const struct elf_file *file);

/* elf_check_symbols.c: the table by its header, and then each symbol in it. Require sections, and
 * the second their ranges and the table of names; false after an error was diagnosed. */
bool elf_check_symbol_table(struct elf_file *file);
bool elf_check_symbols(const struct elf_file *file);

/* ---- elf_messages.c ---- */

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

/* Sets atom_count and split of each section, and the file's atom_count. Requires count_refs().
 */
void count_atoms(struct elf_file *file);
/* Requires sections with their refs. Provides object->atoms, atom_count of them. */
void make_atoms(const struct elf_file *file, struct object *object);

/* ---- places.c ---- */

/* Requires all else of the object. Provides `atom` of symbols and references. */
void settle_places(struct object *object);

/* ---- elf_refs.c ---- */

/* Sets ref_count of each section, and the file's. */
void count_refs(struct elf_file *file);
/* Reads every relocation table. Requires sections, with first_ref, and symbols. Provides
 * object->refs in order, and ref_count of the sections; or false after errors were diagnosed. */
bool read_refs(const struct elf_file *file, struct object *object);

#endif
