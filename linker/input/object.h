/* SPDX-License-Identifier: MIT
 *
 * An object: one input, read once, immutable afterwards, with an arena of its own. It knows nothing
 * of a link, so that an editor can link it again and again. Whatever the file's format was, this is
 * what the rest of Welt sees of it.
 *
 *     object          boot.o
 *       sections[i]   .text, .rodata.str1.1: i is the file's section index; [0] is no section
 *       atoms[j]      what lives, dies and moves as one: a section, or a piece of a mergeable one
 *       symbols[k]    k is the file's symbol index; [0] is no symbol: always there, absolute, 0
 *       refs[r]       by section, then offset: places in a section that name a symbol
 */
#ifndef WELT_INPUT_OBJECT_H
#define WELT_INPUT_OBJECT_H

#include "support/arena.h"

enum architecture { ARCH_I386 = 1, ARCH_X86_64 };

/* What a section's bytes are and what may be done to them; made from SHF_ and SHT_ or their peers.
 * SECTION_MERGE stands only where the section was split into pieces: one that says so but can't be
 * split (relocations of its own, an odd size, a last string without end) is as any other. */
enum section_flags {
    SECTION_ALLOC = 1 << 0,   /* takes room in memory */
    SECTION_WRITE = 1 << 1,   /* the program writes to it */
    SECTION_EXEC = 1 << 2,    /* holds code */
    SECTION_NOBITS = 1 << 3,  /* no bytes in the file: zeroes */
    SECTION_MERGE = 1 << 4,   /* pieces of equal content may be one; an atom a piece */
    SECTION_STRINGS = 1 << 5, /* with SECTION_MERGE: pieces are NUL-terminated strings */
    SECTION_RETAIN = 1 << 6,  /* SHF_GNU_RETAIN: a gc root */
    SECTION_NOTE = 1 << 7,    /* SHT_NOTE */
    SECTION_INIT = 1 << 8,    /* init, fini or preinit array, .init, .fini */
    SECTION_EXCLUDE = 1 << 9, /* SHF_EXCLUDE: not for images */
    SECTION_TLS = 1 << 10,
    SECTION_GROUPED = 1 << 11, /* member of a COMDAT or plain group */
    SECTION_META = 1 << 12,    /* the file's own tables (symbols, strings, relocations, groups) */
    SECTION_PACKED = 1 << 13,  /* compressed, as in the file (debug information only) */
    SECTION_UNWIND = 1 << 14,  /* .eh_frame, an atom a record: input/unwind.h */
    SECTION_STABS = 1 << 15,   /* .stab, an atom a record: input/stabs.h */
};

struct section {
    const char *name;
    const unsigned char *bytes; /* NULL when SECTION_NOBITS or SECTION_META */
    uint64_t size;
    uint64_t address; /* sh_addr: not 0 only in files that were linked before */
    uint32_t align;   /* a power of two, at least 1 */
    uint32_t flags;   /* enum section_flags */
    uint32_t type;    /* native: SHT_… */
    uint32_t native;  /* native flags: SHF_… */
    uint32_t entsize;
    uint32_t link;                   /* SHF_LINK_ORDER: the section it follows, else 0 */
    uint32_t group;                  /* 1 + index into groups, 0: none */
    uint32_t first_atom, atom_count; /* none for SECTION_META */
    uint32_t first_ref, ref_count;
    uint32_t name_size;
};

/* Its atoms are pieces of it, which may go or be moved apart: no instruction reaches over two. */
static inline bool section_is_split(const struct section *section)
{
    return section->flags & (SECTION_MERGE | SECTION_UNWIND | SECTION_STABS);
}

struct atom {
    uint32_t section;
    uint32_t align; /* a power of two, at least 1 */
    uint64_t offset, size;
    uint32_t first_ref, ref_count;
};

enum symbol_binding {
    BIND_LOCAL,
    BIND_GLOBAL,
    BIND_WEAK,
    BIND_UNIQUE, /* STB_GNU_UNIQUE: a global of which a loader would keep one for all programs */
};
enum symbol_visibility { VISIBLE_DEFAULT, VISIBLE_INTERNAL, VISIBLE_HIDDEN, VISIBLE_PROTECTED };
enum symbol_kind {
    SYMBOL_NOTYPE,
    SYMBOL_OBJECT,
    SYMBOL_FUNCTION,
    SYMBOL_SECTION,
    SYMBOL_FILE,
    SYMBOL_THREAD_LOCAL,
    SYMBOL_INDIRECT, /* STT_GNU_IFUNC: a function that a dynamic loader would choose */
};
enum symbol_home { HOME_UNDEFINED, HOME_SECTION, HOME_ABSOLUTE, HOME_COMMON };

struct symbol {
    const char *name; /* "" for none; a section symbol's is its section's; ends in NUL */
    uint32_t name_size;
    uint32_t section; /* with HOME_SECTION: one that has atoms */
    uint64_t value;   /* offset in the section, absolute value, or alignment of a common */
    uint64_t size;
    uint8_t binding, visibility, kind, home;
    uint32_t atom; /* of a file, with HOME_SECTION: 1 + that it lies in; 0: symbol_atom() looks */
};

/* A place in a section that depends on an address. In-place addends (REL) are read and made 64-bit
 * numbers here, so that REL and RELA are one thing later on; what stands in the bytes no longer
 * matters. The field lies within the section's bytes. Its symbol may be 0: then S is 0. The kind 0,
 * which writes nothing, stands for types that Welt does not know in sections that are not loaded,
 * and for all in packed sections, whose offsets are those of the unpacked bytes; in a section that
 * is loaded it stands for such a type too, with that type in place of the addend: an error if what
 * holds it is linked. */
struct ref {
    uint64_t offset; /* in the section */
    int64_t addend;
    uint32_t symbol;
    uint16_t kind;  /* index into ref_kinds */
    uint16_t flags; /* enum ref_flags */
    uint32_t atom;  /* 1 + the piece that symbol and addend name together; 0: the symbol says all */
};

enum ref_flags {
    REF_IN_PLACE = 1 << 0, /* the addend stood in the field, whose width cut its sign off */
};

enum ref_operation {
    REF_NONE,         /* keeps its target alive, writes nothing */
    REF_ABSOLUTE,     /* S + A */
    REF_RELATIVE,     /* S + A - P */
    REF_SIZE,         /* Z + A: the symbol's size */
    REF_PLT,          /* S + A - P: there is no procedure table in an image */
    REF_THREAD,       /* S + A - TP: from the thread pointer (thread_loads.c) */
    REF_THREAD_BACK,  /* TP - S + A: to the thread pointer */
    REF_THREAD_BLOCK, /* S + A - the start of threads' data; in code, as REF_THREAD */
    REF_THREAD_LOAD,  /* what loads that from where a loader wrote it: is rewritten */
    REF_FOREIGN,      /* in no image */
    REF_GOT_ADDRESS,  /* GOT + A - P: the table's own address */
    REF_GOT_OFFSET,   /* S + A - GOT */
    REF_GOT_SLOT,     /* G + A - GOT: the symbol's slot, from the table */
    REF_GOT_LOAD,     /* G + A - GOT with a base register, G + A without: may be relaxed */
    REF_GOT_RELATIVE, /* G + A - P: the symbol's slot, from here; may be relaxed */
};

/* One relocation type. `low` and `high` bound the 64-bit result before it is cut to `width`. */
struct ref_kind {
    uint16_t architecture; /* enum architecture */
    uint16_t native;       /* R_386_… */
    uint8_t operation, width;
    int64_t low, high;
    const char *name; /* "R_386_16", for messages */
    const char *hint; /* REF_FOREIGN: what to do about it */
};
extern const struct ref_kind ref_kinds[];

/* Does it name a thread's data, and so no address? */
static inline bool ref_is_of_thread(const struct ref *ref)
{
    uint8_t operation = ref_kinds[ref->kind].operation;
    return operation >= REF_THREAD && operation <= REF_THREAD_LOAD;
}

/* Is it counted from the global offset table? */
static inline bool ref_is_of_table(const struct ref *ref)
{
    uint8_t operation = ref_kinds[ref->kind].operation;
    return operation >= REF_GOT_ADDRESS && operation <= REF_GOT_LOAD;
}

/* Does it name a slot of the table? */
static inline bool ref_is_of_slot(const struct ref *ref)
{
    return ref_kinds[ref->kind].operation >= REF_GOT_SLOT;
}

/* got_loads.c: what the instruction around such a reference is, and so what it becomes when the
 * address is known. GOT_LOAD_OTHER: it stays as it is and loads from the slot. */
enum got_load {
    GOT_LOAD_OTHER,
    GOT_LOAD_MOV,
    GOT_LOAD_CALL,
    GOT_LOAD_JMP,
    GOT_LOAD_TEST,
    GOT_LOAD_ALU
};
struct object;
enum got_load got_load_of(const struct object *object, const struct section *section,
                          const struct ref *ref);

/* The index into ref_kinds of a native type, or 0 (a kind of no architecture): Welt has none. */
uint32_t ref_kind_find(enum architecture architecture, uint32_t native);
/* The name of a native type; "unknown type" for what has none. */
const char *ref_kind_name(enum architecture architecture, uint32_t native);

struct group {
    const char *signature;
    uint32_t symbol;  /* of that name */
    uint32_t section; /* its table */
    bool comdat;      /* GRP_COMDAT: only the first group of a signature is linked */
    const uint32_t *members;
    uint32_t member_count;
};

struct object {
    struct arena arena;
    const char *path;   /* as the user spelled it; an archive's for a member */
    const char *member; /* name in the archive, or NULL */
    const unsigned char *bytes;
    size_t size;
    uint8_t architecture;
    struct section *sections;
    struct atom *atoms;
    struct symbol *symbols;
    struct ref *refs; /* never NULL */
    struct group *groups;
    uint32_t section_count, atom_count, symbol_count, ref_count, group_count;
    uint32_t first_global; /* symbols below are local */
    bool is_raw;           /* no object file: its bytes are its .data */
    bool is_linked;        /* a linked file: its sections are final, and hold no references */
    bool uses_got;         /* some reference asks for the global offset table or a slot of it */
    bool uses_threads;     /* some reference in a loaded section is of threads' data */
    bool is_suspect;       /* has what not every image can have: resolve/suspects.c */
};

/* Reads an ELF file for i386 (ELF32) or x86-64 (ELF64): a relocatable object, or a linked file that
 * no loader need finish. Requires: bytes stay as they
 * are while the object lives; nothing need follow them, so a member of an archive is read where it
 * stands. Provides: the object, or NULL after an error was diagnosed. Path and member's name are
 * copied. Nothing of the file is believed before it was checked (see elf_check.c). */
struct object *object_read_elf(struct host *host, const char *path, const char *member,
                               const unsigned char *bytes, size_t size);
struct raw_form {
    uint32_t align, flags; /* of the section: SECTION_… beside those of data */
    uint8_t symbol_kind;   /* SYMBOL_… */
};
/* Makes an object of a file that is none: its bytes are its .data (raw_object.c). Never NULL. */
struct object *object_read_raw(struct host *host, const char *path, const unsigned char *bytes,
                               size_t size, const struct raw_form *form);
void object_free(struct object *object);

/* The atom that holds an offset of a section, for mergeable sections by search, and what is left of
 * the offset in it. An offset past the end belongs to the last atom. Requires atom_count > 0. */
uint32_t object_atom_at(const struct object *object, uint32_t section, uint64_t offset,
                        uint64_t *rest);

/* The same of a symbol's place. Requires HOME_SECTION. */
static inline uint32_t symbol_atom(const struct object *object, const struct symbol *symbol,
                                   uint64_t *rest)
{
    if (!symbol->atom)
        return object_atom_at(object, symbol->section, symbol->value, rest);
    *rest = symbol->value - object->atoms[symbol->atom - 1].offset;
    return symbol->atom - 1;
}

/* Of the references of one section or atom: the index of the first from an offset of the section
 * on, or `count'. */
uint32_t first_ref_from(const struct ref *refs, uint32_t count, uint64_t offset);

/* Which compiler made it, as far as it says so. compiler.c */
enum compiler { COMPILER_NONE, COMPILER_OTHER, COMPILER_GCC, COMPILER_CLANG, COMPILER_RUSTC };
enum compiler object_compiler(const struct object *object);

/* With `atom` of a reference: the offset in the section that it names, less than 0 when it is
 * before, and what of its addend is a pc-relative field's distance from the next instruction. */
uint64_t ref_place_in_section(const struct object *object, const struct ref *ref, int64_t *bias);

#endif
