/* SPDX-License-Identifier: MIT
 *
 * The data of a link. Start reading at link.c, which fills it from top to bottom.
 *
 *     object    one input, read once, immutable, knows nothing of a link     input/object.h
 *     script    the layout as a tree                                         script/script.h
 *     link      everything that one run decided about them, in one arena     here
 *
 * An atom (a section of an object, or a piece of a mergeable one) has an id in the link: its index
 * in its object plus the input's first_atom. Everything that is decided about it stands in
 * link.atoms[id]. Order is always by input, section, offset; never by pointer or hash, so that a
 * link gives the same bytes anywhere. */
#ifndef WELT_LINK_H
#define WELT_LINK_H

#include "dynamic.h"
#include "input/input.h"
#include "script/script.h"
#include "support/arena.h"
#include "support/names.h"

#define NONE UINT32_MAX /* no atom, no output, no region */
enum { NOWHERE = -2 };  /* near no output section */

struct atom_list LIST_OF(uint32_t);

/* An object in the order of this link. */
struct input {
    const struct object *object;
    uint32_t first_atom; /* the id of object->atoms[0] */
    uint32_t *named;     /* symbol index -> index into link.globals; NONE for local symbols */
    uint32_t *globals;   /* the same of what references to it mean: --wrap in lld's dialect */
    uint32_t *got_slots; /* symbol index -> 1 + the atom of its slot in the GOT, 0: none; or NULL */
    uint8_t *section_gone; /* section index -> 1: in a COMDAT group that an earlier input has too */
    bool is_runtime;       /* from the runtime library that Welt carries */
    bool is_symbols_only;  /* -R: nothing of it is linked */
};

enum global_state {
    GLOBAL_UNDEFINED,
    GLOBAL_WEAK_UNDEFINED, /* only weak references: 0 when nothing defines it */
    GLOBAL_DEFINED,
    GLOBAL_WEAK_DEFINED,
    GLOBAL_COMMON, /* until allocated: then GLOBAL_DEFINED in link.made */
    GLOBAL_SCRIPT, /* by the layout, --defsym or the linker itself: value after layout */
};

struct global {
    const char *name;
    uint8_t state;   /* enum global_state */
    bool referenced; /* from an object: what PROVIDE asks for */
    bool is_root;    /* named by -u, EXTERN, the entry or an expression of the script */
    bool in_object;  /* an object defines it, also when the script does */
    bool is_ignored; /* --ignore-unresolved-symbol: 0 when nobody defines it */
    bool is_own;     /* the linker's word about this file: a local symbol in its tables */
    bool settled;    /* GLOBAL_SCRIPT: `value` was assigned in this or the last layout pass */
    int near;        /* GLOBAL_SCRIPT, absolute, from dot: the output section before, or NOWHERE */
    int dot_before;  /* … the output section before which dot was assigned last; NOWHERE */
    uint32_t input, symbol; /* the definition, or the first reference; NONE: the script's */
    uint32_t atom;          /* where a definition lies, or NONE: absolute */
    unsigned pass;          /* GLOBAL_SCRIPT: of layout, in which it was assigned last */
    int output;             /* GLOBAL_SCRIPT: the output section it lies in, or VALUE_… */
    uint64_t value;         /* in the atom, or absolute; GLOBAL_COMMON: its size */
    uint64_t align;         /* GLOBAL_COMMON */
    uint64_t before;        /* GLOBAL_SCRIPT: the value of the pass before */
    const struct statement *statement; /* GLOBAL_SCRIPT: the assignment that defines it, or NULL */
};

enum removal { /* why an atom is not in the image */
               KEPT,
               REMOVED_UNREACHED, /* gc */
               REMOVED_MERGED,    /* an equal or longer string or constant stands for it */
               REMOVED_FOLDED,    /* a function of equal code stands for it */
               REMOVED_DISCARDED, /* /DISCARD/ */
               REMOVED_DROPPED,   /* notes and unwind tables, which a boot image has no use for */
               REMOVED_COMDAT,    /* an earlier input has the group */
               REMOVED_NOT_ALLOC, /* debug information and the like */
};

struct atom_state {
    uint32_t input;         /* whose atom it is */
    uint32_t output;        /* index into outputs, or NONE */
    uint32_t leader;        /* the atom that stands for it; itself when nothing does */
    uint32_t kept_by;       /* gc: the atom that reached it first; NONE for a root */
    uint64_t leader_offset; /* where in the leader it begins (a string's tail) */
    uint64_t offset;        /* in the output section, after layout */
    uint32_t align;         /* at least the atom's own: a leader serves all it stands for */
    uint8_t removed;        /* enum removal */
    bool is_live, is_root;
    bool placed; /* in the current or the last layout pass */
};

/* A piece of an output section, made by the last layout pass, by ascending offset, without gaps. */
enum chunk_kind { CHUNK_ATOM, CHUNK_DATA, CHUNK_PADDING, CHUNK_FILL };
struct chunk {
    uint8_t kind;
    uint32_t atom;                     /* CHUNK_ATOM */
    uint64_t offset, size;             /* in the output section */
    const struct statement *statement; /* CHUNK_DATA: the BYTE(…) */
    struct fill fill;                  /* CHUNK_PADDING, CHUNK_FILL */
};

struct output { /* an output section */
    const char *name;
    const struct statement *statement; /* NULL for an orphan */
    const struct statement *behind; /* of an orphan: the script's statement it is laid out behind */
    struct atom_list orphans;       /* atoms that no pattern took, after the body */
    LIST(struct chunk) chunks;
    uint64_t address, load_address, size;
    uint64_t file_offset;  /* in the image, when in_file */
    uint64_t elf_offset;   /* in an ELF file, when it has a header there */
    uint32_t region;       /* of addresses; NONE */
    uint32_t load_region;  /* of load addresses; NONE */
    uint32_t align;        /* largest of its atoms */
    uint32_t native_type;  /* SHT_…, of an ELF file: that of its first atom */
    uint32_t header_align; /* of an ELF file: what the script asks for counts too */
    uint32_t flags;      /* SECTION_… of its atoms, joined; SECTION_NOBITS when all of them are */
    uint32_t asked_type; /* SHT_… that the script gives it, when that counts; 0: none */
    bool takes_no_room;  /* (INFO) and the like: the next section begins where it begins */
    bool is_discard;     /* /DISCARD/ */
    bool is_bounded;     /* somebody names its __start_NAME or __stop_NAME */
    bool is_used;        /* holds something: atoms, data */
    bool is_kept;        /* an assignment to dot keeps it, whatever it holds (GNU ld) */
    bool in_file;        /* has bytes in the image */
    bool has_header;     /* stands in the section headers of an ELF file */
    bool placed;
    /* lld: */
    bool is_relro;     /* read-only once it is relocated */
    bool begins_load;  /* a segment begins with it … */
    bool begins_apart; /* … on a page of its own */
};

struct region {
    const char *name;
    uint64_t origin, length;
    uint64_t current; /* next free address, while laying out */
    uint64_t end;     /* the highest end of what was placed */
    uint64_t free;    /* up to there: headroom before what closes the image */
    bool in_image;    /* some of it takes bytes of the file */
    bool over;        /* already reported */
    uint32_t with_attributes, without_attributes;
    struct script_place place;
};

struct thread_data {  /* what a thread's copy is made of; layout/thread_data.c */
    uint64_t start;   /* where the first of it is */
    uint64_t pointer; /* its end, aligned: what the thread pointer of a copy stands for */
};

struct program_header { /* of an ELF file */
    uint32_t type, flags;
    bool has_flags;                    /* by the script: not those of its sections */
    bool has_load_address;             /* by the script, or of headers alone */
    bool file_header, program_headers; /* it begins with these */
    uint32_t first, count;             /* of link.segment_outputs */
    uint64_t offset, address, load_address, file_size, memory_size, align;
    uint64_t stack_size; /* -z stack-size: memory_size of what holds nothing */
};

enum bound_kind {
    BOUND_START,   /* __start_NAME, … */
    BOUND_STOP,    /* __stop_NAME: of the output section */
    BOUND_HEADERS, /* without a script in lld's dialect: __executable_start, … */
    BOUND_FILE,    /* else: __ehdr_start, the file's header where a segment loads it */
    BOUND_BSS,     /* __bss_start, … */
    BOUND_CODE,    /* _etext: the end of what is only read or executed, … */
    BOUND_DATA,    /* _edata: of what has bytes, … */
    BOUND_END,     /* _end: of all that is loaded */
    BOUND_THREADS  /* _TLS_MODULE_BASE_: where the thread pointer points */
};
struct bound {
    uint32_t global, output; /* NONE: layout knows it */
    uint8_t kind;            /* enum bound_kind */
    uint8_t was;             /* the global's state without it */
};

/* What covers the image, byte by byte, and the memory behind it: the address map. Built once after
 * layout; the map file, the listing, the reports and the public queries read it and nothing else.
 */
struct span {
    uint8_t kind; /* enum welt_span_kind */
    bool in_file;
    uint32_t output; /* or NONE */
    uint32_t atom;   /* or NONE */
    uint64_t file_offset, load_address, address, size;
};

/* Options, copied from the caller's and completed by the face's defaults. */
struct settings {
    welt_face face;
    bool gc, drop_notes, entry_first;
    bool separate_code; /* pages of their own for code: only without -n and -N */
    bool relro;
    uint64_t max_page_size, common_page_size;
    bool lld;           /* lld's dialect of the script language */
    bool bounds_keep;   /* __start_NAME in live code keeps what is between it and __stop_NAME */
    bool relax;         /* instructions that load from the GOT may be given the address */
    welt_options given; /* strings copied */
};

/* What is written: by the options and the script. */
enum form_kind {
    FORM_FLAT,        /* the bytes of an image and nothing else */
    FORM_EXECUTABLE,  /* an ELF file with addresses */
    FORM_RELOCATABLE, /* an ELF object: -r */
};
struct form {
    uint8_t kind;    /* enum form_kind */
    bool is_64;      /* ELF64 for x86-64, else ELF32 for i386: choose_class() */
    bool with_debug; /* sections that are not loaded take part: an ELF file is written, or both */
    bool merge;      /* one copy of equal strings and constants */
    bool as_lld;     /* laid out by lld's rules */
    bool is_unscripted; /* … and without a script */
    bool pack;          /* strings go where alignment leaves holes */
    bool pie;           /* FORM_EXECUTABLE that may be loaded anywhere: -pie */
    bool shared;        /* the same, and its symbols can be seen: -shared */
};

struct link_input { /* one item of the command line, in order */
    enum {
        INPUT_FILE,
        INPUT_BYTES,
        INPUT_LIBRARY,
        INPUT_WHOLE,
        INPUT_GROUP,
        INPUT_SCRIPT,
        INPUT_JUST_SYMBOLS
    } kind;
    const char *name;
    welt_bytes bytes;
    bool on;
    bool is_raw; /* WELT_MODE_BINARY was on */
};

struct read_object { /* an input as it was read */
    struct object *object;
    const unsigned char *source; /* what it was made of; object->bytes may be a copy */
    bool is_kept;                /* for the next link: not the link's to free */
    bool is_silent;              /* nothing was said of it */
};

/* A table of names; layout/by_name.c. */
struct by_name {
    struct names names;
    struct atom_list numbers; /* a name's number -> what has it, or NONE */
};

/* Options' section_starts by name; resolve/starts.c. */
struct starts {
    struct by_name by_section; /* -> the last of the name */
    struct by_name by_segment; /* the same, of those that name a segment, without the dot */
    uint32_t *before;          /* each -> the one before of the same name, or NONE */
};

struct link {
    struct host *host;
    const struct settings *set;
    struct arena arena;

    /* script */
    struct starts starts;
    struct script *script;
    struct form form;
    const char *script_text; /* what it was made of */
    size_t script_size;
    LIST(size_t) script_ends; /* of script->inputs: behind those of each -T */
    size_t script_files;      /* of link.files, those before the inputs */
    size_t input_files;       /* … and those before what is read later */
    LIST(struct statement *) defsyms;

    /* inputs, and resolve */
    LIST(struct link_input) items;    /* what to read */
    LIST(struct file *) files;        /* what was read; support/files.h */
    struct names file_paths;          /* a path's number -> file_by_path */
    struct atom_list file_by_path;    /* -> the first of files that was read from it */
    LIST(struct read_object) objects; /* what was made of them; resolve/kept.h */
    struct kept *kept;                /* of the link before, or NULL */
    struct kept_index *kept_index;
    bool is_loaded;                        /* every input was read, or said to be wrong */
    LIST(const struct archive *) archives; /* that were searched, in order */
    LIST(struct input) inputs;
    LIST(struct global) globals;
    struct names global_names;  /* a name's number is its index into globals */
    struct names wraps;         /* --wrap: NAME and __real_NAME */
    LIST(const char *) wrapped; /* … a name's number -> what it means */
    struct names *retained;     /* --retain-symbols-file, or NULL */
    struct names group_names;   /* signatures of COMDAT groups seen so far */
    struct object *made_object; /* what it is, while it may still change */
    uint32_t made_input;        /* the last input: atoms that the linker makes (resolve/made.c) */
    uint32_t *made_owner;       /* section of it -> the input for which it was made */
    uint32_t jump_atom;         /* to an entry inside its section; NONE */
    uint32_t got_atom;          /* the global offset table; NONE */
    uint64_t *record_sizes;     /* atom -> of a record padded otherwise, or 0; NULL: none is */
    uint32_t unwind_index;      /* .eh_frame_hdr; NONE */
    uint32_t build_id_atom;     /* the note of --build-id; NONE */
    struct dynamic *dynamic;    /* of a position-independent image; else NULL */
    struct stabs *stabs;        /* of .stab sections that are joined (resolve/stabs.c), or NULL */

    const char *entry_name; /* as chosen; NULL: a number, or nothing */
    uint32_t entry_global;  /* or NONE */
    uint32_t entry_atom;    /* or NONE; after select: a live one */
    uint64_t entry_offset;  /* in the atom */
    bool signed_sector;     /* the entry's section carries its own 55 AA at 510 */

    /* what the script assigns, by global; resolve/numbers.c */
    struct value *script_numbers; /* as far as it is known before layout */
    bool *script_places;          /* lld's dialect: not a number */

    /* assign */
    LIST(struct output) outputs;     /* in the script's order, orphans put in between */
    struct names output_names;       /* a name's number is its index into output_by_name */
    struct atom_list output_by_name; /* -> the first output section of the name */
    struct atom_list *taken;         /* input statement index -> its atoms, in order */
    LIST(struct bound) bounds;

    /* select */
    struct atom_state *atoms;
    uint32_t atom_count;
    bool gc_ran; /* kept_by says who keeps an atom */

    /* layout */
    LIST(struct region) regions;
    struct by_name region_by_name;   /* … and by their aliases */
    struct by_name laid_by_name;     /* output sections that are none of /DISCARD/ */
    uint64_t image_start, image_end; /* load addresses of what is in the file */
    unsigned passes;
    struct atom_list *orphans_behind; /* 0: before all, 1 + a statement's index -> outputs */
    bool *start_asked;                /* beside options' section_starts: SEGMENT_START took it */
    struct data_segment data_segment; /* relro's bounds: base and relro_end, unless that is 0 */
    uint64_t headers_size;            /* SIZEOF_HEADERS: of the ELF file; 0 for a flat image */
    bool loads_headers;               /* the script asked for SIZEOF_HEADERS */
    LIST(struct program_header) program_headers; /* of an ELF file */
    struct atom_list segment_outputs;            /* the outputs of each of them */
    struct atom_list header_order;               /* of an ELF file: outputs as it lists them */
    struct thread_data thread_data;
    uint64_t sections_end; /* of an ELF file: its tables follow */

    /* the address map */
    LIST(struct span) spans;
    bool laid_out;                    /* spans are complete */
    const struct symbol **atom_names; /* atom -> the symbol that stands for it, or NULL */
    const char **titles;              /* input -> "boot.o" or "libc.a(memcpy.o)" */

    struct report *report; /* report/model.h; NULL until someone asks */

    /* write */
    struct elf *elf; /* the output is an ELF file: output/elf.h */
    unsigned char *image;
    uint64_t image_size;
    struct sources *sources; /* input/source_lines.h; of messages, while it runs */
    struct written *written; /* outputs; support/files.h */
    bool linked;             /* nothing failed: the image may be written */
    bool is_too_large;       /* nothing else is wrong: a listing can be made */
};

#endif
