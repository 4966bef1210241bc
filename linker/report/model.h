/* SPDX-License-Identifier: MIT
 *
 * What a report says, before it has a form: rows that cover the image, byte by byte, and what is
 * known about them. Made from a link (describe.c) or read from a saved one (read.c); compared with
 * an older one (compare.c); then written as text, JSON, markdown, HTML or CSV.
 *
 * Rows are the spans of the address map, cut at symbols: they are in the order of the file and
 * their sizes add up to the image's; behind them stand those that take memory only (.bss). Every
 * table of every form is a sum over rows, so each of them adds up too. */
#ifndef WELT_REPORT_MODEL_H
#define WELT_REPORT_MODEL_H

#include "link.h"

struct report_row {
    uint8_t kind; /* enum welt_span_kind */
    bool in_file;
    bool by_section; /* kept only because it shares a section with its keeper */
    uint64_t offset; /* in the file, when in_file */
    uint64_t load_address, address, size;
    const char *region, *load_region; /* of MEMORY; NULL: none, as below */
    const char *output;               /* output section */
    const char *object, *section, *symbol;
    const char *text;   /* of a string without a symbol: its first characters, quoted */
    const char *source; /* the file that it was compiled from */
    unsigned line;      /* in it, of its first byte; 0: not known */
    uint32_t first_line, line_count; /* of report.lines; none: not known */
    uint32_t keeper;  /* the row that refers to it first, on the way from the entry; NONE */
    const char *root; /* why it is kept without a keeper: "entry", "KEEP", … */
    uint32_t atom;    /* NONE: no object's, or the report was read from a file */
    uint64_t in_atom; /* the offset of its first byte there */
};

struct report_line { /* what bytes of a row were made from, in their order */
    const char *source;
    unsigned line; /* 0: not known */
    uint64_t size;
};

struct report_removed { /* what the inputs held and the image does not */
    const char *why;    /* "unreached", "merged", … */
    uint64_t size;
    const char *object, *section, *symbol;
    const char *into; /* the symbol or string that stands for it, or NULL */
};

enum budget_kind { BUDGET_IMAGE, BUDGET_REGION, BUDGET_SECTION, BUDGET_OBJECT, BUDGET_SYMBOL };
extern const char *const budget_kind_names[]; /* "image", "region", … */

struct report_budget {
    uint8_t kind; /* enum budget_kind */
    const char *name;
    const char *object;   /* of a symbol: only the one of this object; else NULL */
    uint64_t limit, used; /* used > limit: over */
    bool in_image;        /* takes bytes of the file */
    bool is_given;        /* by --budget; else a region of MEMORY */
};

struct report_step { /* of the smallest set whose going would fit */
    const char *symbol, *object;
    uint64_t size;  /* its own bytes that the budget counts */
    uint64_t freed; /* and those of what only it keeps */
};

struct report_flag { /* a compiler's or the linker's option that would save bytes */
    const char *flag, *why, *where;
    uint64_t saved;
    bool at_least; /* what the objects show is a part of it */
};

struct report_part {
    const char *name; /* "main.c:12", a symbol or a string */
    uint64_t size;
};

struct report_program { /* the function that nothing fits without: what it is made of */
    const char *symbol, *object;
    uint64_t size;                        /* its own bytes that the budget counts */
    LIST(struct report_part) lines, data; /* the largest of its lines, and of all data */
    const char *flags, *why;              /* options that it lacks; NULL: none is known */
    bool wants_lines;                     /* compiled without debug information */
};

struct report_advice { /* for a budget that is over */
    uint32_t budget;
    bool has_steps;      /* they were looked for: not of a symbol, nor of an object made by -r */
    bool would_fit;      /* without all of `steps` */
    uint64_t still_over; /* … else by so much */
    LIST(struct report_step) steps;
    struct report_program *program; /* NULL: others may go, or none is known */
    LIST(struct report_flag) flags;
    uint64_t padding;                /* lost to alignment */
    const char *layout, *layout_why; /* the option that has room for it; NULL: none is known */
};

struct report_change {
    const char *what; /* "added", "removed", "grew", "shrank" */
    const char *symbol, *section, *object, *kind;
    bool in_file; /* else it takes memory only */
    uint64_t before, after;
};

struct report_comparison {
    const char *baseline;           /* its file */
    const char *name;               /* of its image */
    uint64_t size, used;            /* of its image */
    LIST(struct report_change) all; /* largest change first; what did not change is left out */
};

struct report {
    struct arena arena;
    const char *name;
    uint64_t load_address, size; /* of the image */
    uint64_t used;               /* of it, without what is free, reserved and the signature */
    bool linked;                 /* nothing failed */
    bool has_gc;                 /* what nothing reaches was dropped */
    LIST(struct report_row) rows;
    size_t file_rows; /* so many of them are in the file */
    LIST(struct report_removed) removed;
    LIST(struct report_budget) budgets;
    LIST(struct report_advice) advice;
    struct report_comparison *comparison; /* NULL: there is no baseline */

    LIST(struct report_line) lines; /* those of a row add up to it */
    bool has_lines;                 /* they were looked for: source_lines.c */
    struct arena line_arena;        /* of these; not open before */
};

static inline bool row_is_used(const struct report_row *row)
{
    return row->in_file && row->kind != WELT_SPAN_FREE && row->kind != WELT_SPAN_RESERVED &&
           row->kind != WELT_SPAN_SIGNATURE;
}

/* Of a link's own report: that of a saved one has no atoms. */
static inline bool row_is_runtime(const struct link *link, const struct report_row *row)
{
    return row->atom != NONE && link->inputs.at[link->atoms[row->atom].input].is_runtime;
}

/* "code", "padding", …: how a row's kind is called everywhere. */
extern const char *const row_kind_names[];
enum { ROW_KINDS = WELT_SPAN_BSS + 1 };

/* The name that a row goes by: its symbol, its text, its section, or its kind in parentheses. */
const char *row_name(const struct report_row *row);

/* A symbol as its source has it, for who reads it; other names as they are, NULL too. In JSON
 * symbols are as in the objects. shown_names.c */
const char *shown_name(struct arena *arena, const char *name);

/* "4 bytes", "1 byte", for printf() and its like: f(BYTES, COUNT(size)). */
#define BYTES "%llu byte%s"
#define COUNT(size) (unsigned long long)(size), (size) == 1 ? "" : "s"

/* Of a budget that is over, where no symbol is a step to less. */
#define NO_STEPS                                                                                   \
    "no symbol could go alone: each is the entry, or would take most of the others with it"

/* What is said of a program that is over, a sentence each; how many. program_words.c */
enum { PROGRAM_WORDS = 4 };
size_t program_words(struct arena *arena, const struct report_program *program,
                     const char *words[PROGRAM_WORDS]);

/* "a.o:helper", or its name alone, as it is shown. */
const char *budget_name(struct arena *arena, const struct report_budget *budget);

/* Whether a budget counts a row. */
bool budget_counts(const struct report_budget *budget, const struct report_row *row);
/* Of the rows that it counts: what is lost to alignment. */
uint64_t budget_padding(const struct report *report, const struct report_budget *budget);

/* ---- from a link: describe.c ----
 *
 * Requires the address map, complete or not, and name_atoms(). Provides link.report; nothing when
 * it is there already. */
void describe_link(struct link *link);
/* describe.c's parts: the rows (rows.c), and who keeps each of them (keepers.c). */
void cut_rows(struct link *link, struct report *report);
void find_keepers(struct link *link, struct report *report);

/* From which source lines the rows' bytes were made. source_lines.c */
void find_source_lines(struct link *link);

/* Adds the options' budgets to link.report, once. budgets.c */
void measure_budgets(struct link *link);
/* What would help where a budget is over. Requires link.report, and does nothing for one that was
 * read: what would go with a symbol can't be told from it. advise.c */
void advise(struct link *link);

/* ---- sums: totals.c ---- */

struct report_total {
    const char *name;
    const char *detail; /* a symbol's object, a line's source; else NULL */
    unsigned line;      /* of BY_LINE; 0: not known */
    uint64_t size;
    uint32_t row;    /* the first of them */
    bool is_special; /* bytes of no object: padding, free, … */
};
struct report_totals LIST_OF(struct report_total);

enum total_by { BY_KIND, BY_SYMBOL, BY_OBJECT, BY_SECTION, BY_SOURCE, BY_LINE };

/* Sums over the rows of the file (or over those that take memory only), largest first, what belongs
 * to no object last. They add up to the image. */
struct report_totals sum_rows(const struct report *report, struct arena *arena, enum total_by by,
                              bool in_file);

enum { SECTOR_SIZE = 512 };
/* Bytes of each sector of the image that are used, the signature and reserved ones included. */
uint64_t *sum_sectors(const struct report *report, struct arena *arena, size_t *count);

/* ---- an older report: read.c, compare.c ---- */

/* NULL: an error was diagnosed. An image that is larger than the link's may be is refused. */
struct report *read_report(struct link *link, const char *path);
/* Reads the options' baseline, when there is one, and compares link.report with it. */
void compare_baseline(struct link *link);

#endif
