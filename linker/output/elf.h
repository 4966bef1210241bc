/* SPDX-License-Identifier: MIT
 *
 * An ELF file in the making, inside linker/output only:
 *
 *     elf_sections.c      which sections it has, in what order, with what headers
 *     elf_symbols.c       its symbol table
 *     elf_symbol_homes.c  in which section each symbol lies
 *     elf_relocations.c   what is kept of relocations (-r, -q)
 *     elf_dynamic.c       what a position-independent image has for whoever relocates it
 *     elf_build_id.c      the note that names its content
 *     elf_bytes.c         all of that in the bytes of ELF32 or ELF64
 *     elf.c               the steps of a link
 *
 * Sources: System V ABI, 4 "Object Files" and 5 "Program Loading" (edition of 2013, draft), the
 * Intel386 and x86-64 supplements. Order and contents are those of GNU ld 2.40 where the ABI leaves
 * them open: boot builds compare and cut such files. */
#ifndef WELT_OUTPUT_ELF_H
#define WELT_OUTPUT_ELF_H

#include "link.h"
#include "support/string_table.h"

#include <elf.h>

/* ---- the file ---- */

struct elf_header { /* of a section */
    uint32_t name;  /* number in `names` */
    uint32_t type, link, info;
    uint64_t flags, address, offset, size, align, entsize;
    uint32_t output;       /* NONE: a table */
    uint32_t input, group; /* SHT_GROUP: which group of which input */
};

struct elf_entry {    /* of the symbol table */
    uint32_t name;    /* number in `strings` */
    uint32_t section; /* of the file, or SHN_ABS, SHN_COMMON, SHN_UNDEF */
    bool is_special;  /* `section` is one of the latter */
    uint8_t info, other;
    uint64_t value, size;
};

struct elf_beside { /* the output sections in the file that are nearest to a place among them; -1 */
    int before;     /* in front of it */
    int from;       /* there or behind it */
};

struct elf {
    struct link *link;
    struct arena *arena;
    bool is_64;
    bool is_object;       /* -r */
    bool has_relocations; /* -r, -q */
    struct elf_strings names, strings;
    LIST(struct elf_header) sections;
    uint32_t group_count;     /* of sections, from 1 on: tables of groups */
    uint32_t *section_of;     /* output -> section */
    uint32_t *relocations_of; /* output -> the section of its relocations; 0: none */
    uint32_t *relocation_counts;
    uint32_t symtab, wide_homes, strtab, shstrtab; /* sections; 0: none */
    struct elf_beside *beside, *loaded_beside; /* output, and one more -> … of all, of the loaded */
    LIST(struct elf_entry) symbols;
    const bool *asked; /* global -> it stays, when not all do; or NULL */
    const bool *named; /* global -> somebody named it outside of the objects */
    uint32_t first_global;
    uint32_t *section_symbols; /* output -> symbol; when relocations are kept */
    uint32_t **symbol_of;      /* input -> its symbol -> symbol; when relocations are kept */
    uint32_t *global_symbols;  /* global -> symbol; the same */
    uint64_t headers_offset;   /* of the section headers */
    uint64_t size;
};

struct elf_relocation_kept {
    uint64_t offset;
    uint32_t symbol, type;
    int64_t addend;
};

/* Requires: link.program_headers and elf_offset of outputs. Provides all but bytes. */
struct elf *elf_describe(struct link *link, struct arena *arena);

void elf_make_sections(struct elf *elf);     /* elf_sections.c: headers of what is linked */
void elf_make_symbols(struct elf *elf);      /* elf_symbols.c */
void elf_place_tables(struct elf *elf);      /* elf_sections.c: the tables, and the file's size */
void elf_count_relocations(struct elf *elf); /* elf_relocations.c */
/* Writes addends and the tables into the file's bytes. */
void elf_write_relocations(const struct elf *elf, unsigned char *file);
void elf_write_tables(const struct elf *elf, unsigned char *file); /* elf_bytes.c */
/* Hashes the file, of which everything else is written, into the note. */
void elf_write_build_id(const struct elf *elf, unsigned char *file); /* elf_build_id.c */

/* The inputs in the order in which their sections come; those that have none are not in it. */
struct input_order {
    uint32_t *inputs, count;
    bool *is_in;
    struct atom_list emptied; /* inputs whose unwind tables hold nothing any more, of one output
                                 section, until a table that does */
};
struct input_order elf_order_inputs(const struct elf *elf);
void elf_put_symbol(const struct elf *elf, unsigned char *to, const struct elf_entry *entry,
                    uint64_t name);
/* The headers of what elf_dynamic.c fills in, and their bytes. */
void elf_link_dynamic(struct elf *elf);
void elf_write_dynamic(const struct elf *elf, unsigned char *file);

/* ---- elf_globals.c ---- */

static inline unsigned char elf_info(unsigned binding, unsigned type)
{
    return (unsigned char)(binding << 4 | type);
}
unsigned char elf_symbol_type(uint8_t kind); /* STT_… of SYMBOL_… */
void elf_count_in_thread(const struct elf *elf, struct elf_entry *entry);
/* A global symbol as the table has it; false: it is not in the file. */
bool elf_make_global(const struct elf *elf, uint32_t index, struct elf_entry *entry);
/* Whether it goes among the locals, given narrowest_visibility(); and its entry there. */
bool elf_is_hidden(const struct elf *elf, uint32_t index, const uint8_t *visibility);
void elf_hide(const struct elf *elf, uint8_t visibility, struct elf_entry *entry);

/* ---- elf_symbol_homes.c ---- */

/* Requires the section headers, for all that follows. */
void elf_find_neighbours(struct elf *elf);
/* The atom that stands for another, and where in it; NONE: it is not in the output. */
uint32_t elf_home(const struct elf *elf, uint32_t atom, uint64_t *offset);
/* Where an atom's symbol lies; false: it is not in the file. An object's symbols count from their
 * section. */
bool elf_set_home(const struct elf *elf, uint32_t atom, uint64_t offset, struct elf_entry *entry);
/* The same of a section that is not in the file, for an object's global symbol; local ones, and
 * those of what the linker makes, go with their section. */
bool elf_set_home_beside(const struct elf *elf, uint32_t atom, uint64_t offset,
                         struct elf_entry *entry);
/* The same of the name of a group, which stands in the group's own table. An executable has no such
 * tables. */
bool elf_set_home_group(const struct elf *elf, const struct input *input,
                        const struct symbol *symbol, struct elf_entry *entry);
/* SHN_ABS, SHN_COMMON, SHN_UNDEF. */
void elf_set_special(struct elf_entry *entry, uint32_t section, uint64_t value);
/* Of a symbol of the script. */
uint32_t elf_section_near(const struct elf *elf, const struct global *global);

void elf_put_relocation(const struct elf *elf, unsigned char *to,
                        const struct elf_relocation_kept *kept);
uint32_t elf_relocation_size(const struct elf *elf);

#endif
