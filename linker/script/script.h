/* SPDX-License-Identifier: MIT
 *
 * A linker script as a tree. Text goes in, a tree comes out; nothing here knows an object.
 *
 * The built-in layouts are scripts too: there is one layout engine. The language is GNU ld's
 * (manual of GNU ld 2.40, chapter 3 "Linker Scripts"), and the statements below carry the manual's
 * names.
 *
 *     SECTIONS { . = 0x7c00; .text : { *(.text .text.*) } }
 *
 * becomes the statements
 *
 *     ASSIGN "."  value 0x7c00
 *     OUTPUT ".text"  body: INPUT file "*" sections ".text", ".text.*" */
#ifndef WELT_SCRIPT_SCRIPT_H
#define WELT_SCRIPT_SCRIPT_H

#include "support/arena.h"
#include "support/host.h"

struct script_place { /* where a statement or expression stands */
    const char *file;
    unsigned line, column;
    const char *text; /* the line itself, up to its newline or NUL; NULL: not from a text */
};

static inline struct place place_in_script(struct script_place place)
{
    return (struct place){.file = place.file, .line = place.line, .column = place.column};
}

/* Reports one fact about a script: file, line, column, and the line with a caret under the column.
 * `hint` may be NULL. */
void script_diagnose(struct host *host, welt_severity severity, const char *id,
                     const struct script_place *place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void script_diagnose_with(struct host *host, welt_severity severity, const char *id,
                          const struct script_place *place, const char *hint, const char *message);

/* ---- expressions: manual 3.10 ---- */

enum expr_kind {
    EXPR_NUMBER,
    EXPR_NAME, /* a symbol */
    EXPR_DOT,
    EXPR_UNARY,   /* operation: - ~ ! */
    EXPR_BINARY,  /* operation: the operator's spelling packed: '+', '<', OP2('<','<'), … */
    EXPR_TERNARY, /* a ? b : c */
    EXPR_CALL, /* a built-in function: name + arguments; operation: its number, see functions.h */
};
#define OP2(a, b) ((a) | (b) << 8)

struct expr {
    uint8_t kind;
    uint16_t operation;
    int64_t number;
    const char *name; /* EXPR_NAME, or EXPR_CALL's function in upper case */
    const char *text; /* EXPR_CALL of SIZEOF, ADDR, ALIGNOF, LOADADDR, ORIGIN, LENGTH, DEFINED,
                         CONSTANT, SEGMENT_START: its name argument; of ASSERT: the message.
                         EXPR_NUMBER: the digits, when it was written 0x… without a suffix */
    struct expr *a, *b, *c;
    struct expr *up; /* the binary operation whose left operand this is: see evaluate.c */
    struct script_place place;
};

/* A value and what it is relative to (manual 3.10.8): a plain number, an absolute address, or an
 * offset from the start of an output section (its index). */
enum { VALUE_NUMBER = -2, VALUE_ABSOLUTE = -1 };
struct value {
    int64_t number; /* relative to `section` */
    int section;
    bool known;    /* false: depends on what has no value yet, or an error was diagnosed */
    bool from_dot; /* made from dot (or ALIGN, ORIGIN, SEGMENT_START) and nothing made it absolute
                      on the way: GNU ld gives a symbol of such an absolute value the section that
                      stands before the assignment. Only expr_evaluate()'s result has it. */
};

/* The state of DATA_SEGMENT_ALIGN and its companions (manual 3.10.9), which find in a first pass
 * where the data segment begins and ends and move it in the next. Layout owns it, sets `phase` to
 * DATA_SEGMENT_NONE before the first pass and looks at it afterwards:
 *
 *     DATA_SEGMENT_ENDED   the pair was seen, base and end are known. With `relro` and relro_end !=
 * 0, set base so that what lies before relro_end ends on a page, and phase
 *                          DATA_SEGMENT_RELRO_ADJUST; else, when that saves a page, phase
 *                          DATA_SEGMENT_ADJUST; else DATA_SEGMENT_DONE. Then run another pass.
 *     anything else        DATA_SEGMENT_DONE, no further pass is needed. */
enum data_segment_phase {
    DATA_SEGMENT_NONE,
    DATA_SEGMENT_ALIGNED,
    DATA_SEGMENT_RELRO_SEEN,
    DATA_SEGMENT_ENDED,
    DATA_SEGMENT_ADJUST,
    DATA_SEGMENT_RELRO_ADJUST,
    DATA_SEGMENT_DONE,
};
struct statement;
struct data_segment {
    enum data_segment_phase phase;
    bool relro; /* -z relro */
    uint64_t base, end, relro_end, relro_offset, page_size, common_page_size;
    const struct statement *first, *last; /* that set base and relro_end */
};

/* What an expression may ask of the layout. Each callback gives a value with known = false when it
 * can't tell yet; `section_address` gives an output section's address to turn relative values into
 * absolute ones. */
struct evaluation {
    struct host *host;
    void *user;
    bool absolute_dot; /* lld's dialect: every value is absolute */
    bool sane_numbers; /* LD_FEATURE("SANE_EXPR"): a number is one outside output sections too */
    bool final;        /* true: what is still unknown, and division by zero, is an error now */
    int section;       /* the output section being laid out, or VALUE_ABSOLUTE */
    uint64_t dot;      /* absolute */
    bool has_dot;      /* false: `.` is an error here (outside of any script) */
    struct value (*symbol)(void *user, const char *name, bool *defined);
    /* DEFINED(name): by an object, or by the script above the place that asks. NULL: symbol()'s
     * `defined` is taken. */
    bool (*is_defined)(void *user, const char *name);
    uint64_t (*section_address)(void *user, int section);
    /* The named property of an output section, region, constant or segment: which = the function's
     * name ("SIZEOF", "ORIGIN", …), name = its argument (NULL for "SIZEOF_HEADERS"). known = false
     * and *missing = true: no such thing. ADDR is wanted as offset 0 in its section, the addresses
     * of LOADADDR, ORIGIN and SEGMENT_START as absolute ones; what the others give is taken as a
     * number, whatever `section` says. */
    struct value (*property)(void *user, const char *which, const char *name, bool *missing);
    /* CHECKSUM8(first, last): minus the sum of the image's bytes in [first, last). Welt's own, for
     * option ROMs. */
    struct value (*checksum)(void *user, uint64_t first, uint64_t last);
    struct data_segment *data_segment; /* NULL: DATA_SEGMENT_ALIGN saves no page, the others do
                                          nothing */
};

struct value expr_evaluate(const struct expr *expr, struct evaluation *with);
/* The absolute number of a value. */
uint64_t value_absolute(struct value value, const struct evaluation *with);
/* Calls `visit` for every symbol name in the expression (DEFINED's argument excepted). */
void expr_names(const struct expr *expr, void (*visit)(void *user, const char *name), void *user);

/* ---- patterns: manual 3.6.4.2 ---- */

/* A glob with its literal parts found beforehand, so that most names are decided by a memcmp. */
struct pattern {
    const char *text;
    uint32_t size;
    uint32_t prefix; /* bytes before the first * ? or [ */
    uint32_t suffix; /* bytes behind the last wildcard that stand for themselves */
    bool literal;  /* there is none; then a backslash is a character like any other, as in GNU ld */
    bool one_star; /* one * between prefix and suffix, and nothing else */
};
struct pattern pattern_make(const char *text);
bool pattern_matches(const struct pattern *pattern, const char *name, size_t size);

/* ---- statements ---- */

enum sort_kind { SORT_NONE, SORT_NAME, SORT_ALIGNMENT, SORT_INIT_PRIORITY, SORT_NONE_ASKED };

struct section_pattern { /* one of the patterns between the parentheses of `*(.text .text.*)` */
    struct pattern name;
    /* EXCLUDE_FILE, inside the parentheses and before the file's name. excluded_archives[i] belongs
     * to excluded_files[i]; its text is NULL when no archive was named. */
    struct pattern *excluded_files, *excluded_archives;
    uint32_t excluded_count;
    uint8_t sort, sort_within; /* enum sort_kind: SORT_BY_NAME(SORT_BY_ALIGNMENT(x)) has both */
    bool reverse;              /* REVERSE(…) */
    uint32_t group; /* patterns beside each other that do not sort are one, else each is (lld) */
};

enum statement_kind {
    STATEMENT_ASSIGN, /* symbol = expression */
    STATEMENT_ASSERT,
    STATEMENT_OUTPUT,  /* an output section: .text : { … } */
    STATEMENT_INPUT,   /* *(.text) */
    STATEMENT_DATA,    /* BYTE SHORT LONG QUAD SQUAD, and ASCIZ */
    STATEMENT_FILL,    /* FILL(…) */
    STATEMENT_INSERT,  /* INSERT AFTER|BEFORE name: moves what stands between it and the INSERT
                          before  it (or the script's start) */
    STATEMENT_NOTHING, /* CONSTRUCTORS, CREATE_OBJECT_SYMBOLS, LINKER_VERSION */
};

enum assign_flags {
    ASSIGN_PROVIDE = 1, /* only when referred to and not defined */
    ASSIGN_HIDDEN = 2,
};

/* (NOLOAD) and its relatives; OUTPUT_TYPED is (TYPE = …), whose number is in `type_value`. */
enum output_type {
    OUTPUT_NORMAL,
    OUTPUT_NOLOAD,
    OUTPUT_DSECT,
    OUTPUT_COPY,
    OUTPUT_INFO,
    OUTPUT_OVERLAY,
    OUTPUT_READONLY,
    OUTPUT_TYPED,
};
enum output_constraint { CONSTRAINT_NONE, CONSTRAINT_ONLY_IF_RO, CONSTRAINT_ONLY_IF_RW };

struct fill { /* a pattern of bytes, repeated; size 0: zeroes */
    const unsigned char *bytes;
    uint32_t size;
};

struct statement {
    uint8_t kind;
    uint8_t flags;      /* ASSIGN: enum assign_flags */
    uint16_t operation; /* ASSIGN: always '='. `x += e` arrives as x = x + (e) */
    uint32_t index; /* INPUT: its number among all input statements of the script, in order; what
                       stands outside of output sections: among these, when it is laid out */
    struct script_place place;
    struct statement *next; /* in its list */
    const char *name;       /* ASSIGN: symbol or "."; OUTPUT: section; ASSERT: message; INSERT: the
                               other section */
    struct expr *value;     /* ASSIGN, ASSERT, DATA */

    /* DATA */
    uint8_t width;       /* bytes: 1 2 4 8 */
    bool is_signed;      /* SQUAD */
    const char *ascii;   /* ASCIZ: the string; value is NULL then */
    uint32_t ascii_size; /* its bytes without the NUL that ends it: it may hold one */

    /* FILL, and OUTPUT's `=fill` */
    struct fill fill;
    bool has_fill;

    /* INPUT */
    struct pattern file;    /* `*`, `crt0.o`, `memcpy.o` of `libc.a:memcpy.o` */
    struct pattern archive; /* `libc.a` of it; text NULL: none given */
    bool archive_only_not;  /* `:file`: not in an archive */
    uint8_t file_sort;      /* enum sort_kind: SORT_BY_NAME(*)(.text) */
    bool file_reverse;
    struct section_pattern *sections;
    uint32_t section_count;             /* 0: a file name alone, all its sections */
    uint32_t with_flags, without_flags; /* INPUT_SECTION_FLAGS: SHF_ values */
    bool keep;

    /* OUTPUT */
    struct statement *body; /* first of the list */
    struct expr *address, *load_address, *align, *subalign;
    uint8_t type, constraint;
    bool align_with_input;
    bool type_is_expression;          /* (TYPE = …), (READONLY (TYPE = …)) */
    struct expr *type_value;          /* its number: SHT_PROGBITS … */
    const char *region, *load_region; /* >region AT>region, or NULL */
    const char **segments;            /* :phdr …, NULL-terminated, or NULL */
    const struct statement *overlay;  /* the first section of the OVERLAY that it belongs to */
    bool overlay_ends;                /* its last */

    /* INSERT */
    bool after;
};

/* Whether a list of statements holds `. = …`. */
static inline bool moves_dot(const struct statement *list)
{
    for (; list; list = list->next)
        if (list->kind == STATEMENT_ASSIGN && list->name[0] == '.' && !list->name[1])
            return true;
    return false;
}

/* Attributes of a region; the first three are SECTION_ALLOC, SECTION_WRITE and SECTION_EXEC of
 * input/object.h. */
enum region_attribute {
    REGION_ALLOC = 1 << 0,      /* a */
    REGION_WRITE = 1 << 1,      /* w */
    REGION_EXEC = 1 << 2,       /* x */
    REGION_READ_ONLY = 1 << 16, /* r */
    REGION_LOADED = 1 << 17,    /* i, l: has initial content */
};

struct memory_region { /* MEMORY: manual 3.7 */
    const char *name;
    struct expr *origin, *length;
    uint32_t with_attributes, without_attributes; /* enum region_attribute, of orphans that go here,
                                                     or not */
    struct script_place place;
};

struct region_alias {
    const char *alias, *region;
};

enum { MOST_SEGMENTS = 256 };
struct segment { /* PHDRS: manual 3.8 */
    const char *name;
    struct expr *type, *address, *flags; /* type: PT_LOAD and the like are numbers already */
    bool file_header, program_headers;
    struct script_place place;
};

enum script_input_kind {
    SCRIPT_FILE,
    SCRIPT_LIBRARY, /* -lNAME: name without the -l */
    SCRIPT_GROUP_BEGIN,
    SCRIPT_GROUP_END,
    SCRIPT_NEEDED_BEGIN,
    SCRIPT_NEEDED_END,
    SCRIPT_MENTIONED, /* the file that an input section description names without a wildcard */
};
struct script_input { /* INPUT(a.o -lc) GROUP(…) AS_NEEDED(…) */
    uint8_t kind;
    bool is_raw; /* behind TARGET(binary) */
    const char *name;
    struct script_place place;
};

struct name_list {
    const char **names;
    uint32_t count;
};

struct script {
    const char *name;
    /* Everything outside and inside SECTIONS, in order: ASSIGN, ASSERT, OUTPUT, INSERT. The
     * sections of an OVERLAY are OUTPUTs, all but the first with ADDR(first) as their address. An
     * assignment outside SECTIONS is evaluated in order with the rest, as GNU ld does. */
    struct statement *commands;
    bool has_sections;         /* a SECTIONS command was there */
    bool uses_segment_start;   /* SEGMENT_START stands in some expression */
    bool sane_numbers;         /* LD_FEATURE("SANE_EXPR") */
    uint32_t input_statements; /* how many STATEMENT_INPUT there are */
    struct script_amount {     /* of all its texts */
        uint32_t statements, includes;
        size_t bytes;
    } amount;
    const char *entry; /* ENTRY, the last: a symbol or a number's text */
    struct script_place entry_place;
    const char *output;        /* OUTPUT, the first */
    const char *output_format; /* OUTPUT_FORMAT, the first: the default of one or three */
    struct script_place format_place;
    const char *output_format_big, *output_format_little;
    const char *output_arch, *target;
    const char *startup;
    bool force_common_allocation, inhibit_common_allocation, force_group_allocation;
    bool version_seen; /* VERSION { … }: read over, it says nothing to a static image */
    LIST(struct memory_region) regions;
    LIST(struct region_alias) aliases;
    LIST(struct segment) segments;
    LIST(struct script_input) inputs;
    LIST(const char *) addressed; /* output sections whose address some expression asks for */
    LIST(const char *) search_dirs;
    LIST(const char *) externs;             /* EXTERN */
    LIST(struct name_list) no_crossrefs;    /* NOCROSSREFS */
    LIST(struct name_list) no_crossrefs_to; /* NOCROSSREFS_TO */
};

/* Gives the text of a file that INCLUDE names, or NULL (the parser then diagnoses it). */
typedef const char *script_include(void *user, const char *name, size_t *size);

/* Reads a script. The text need not outlive the call. Provides the tree in the arena, or NULL after
 * an error was diagnosed with file, line and column and the line with a caret under it.
 * Bounds: calls and operators nest 256 deep (parentheses that begin an expression without end),
 * INCLUDE 64 deep and 4096 times; 500,000 statements; 64 MiB of text; with what extends it.
 * `include` NULL: there is nothing to include. */
struct script *script_parse(struct arena *arena, const char *name, const char *text, size_t size,
                            script_include *include, void *user);
/* Reads another text into a script, behind what is there. */
bool script_extend(struct arena *arena, struct script *script, const char *name, const char *text,
                   size_t size, script_include *include, void *user);
/* Whether INSERT stands among a script's commands: then it adds to a layout behind it. */
bool script_has_insert(const struct statement *list);
/* Moves what INSERT moves; false: an error was diagnosed. */
bool script_insert(struct host *host, struct script *script);
/* `--defsym NAME=EXPRESSION`, or an option's number: one assignment or expression in the same
 * language. NULL after an error was diagnosed. */
struct statement *script_parse_assignment(struct arena *arena, const char *name, const char *text);
struct expr *script_parse_expression(struct arena *arena, const char *name, const char *text);

#endif
