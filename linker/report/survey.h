/* SPDX-License-Identifier: MIT
 *
 * What the objects of a link show of their compilers' options: flags.c looks at each row, dissect.c
 * at sections that hold several functions. Both add up what each option would save. */
#ifndef WELT_REPORT_SURVEY_H
#define WELT_REPORT_SURVEY_H

#include "report/graph.h"

enum saving {
    SAVE_GC,
    SAVE_FUNCTIONS,
    SAVE_DATA,
    SAVE_ENDBR,
    SAVE_PIC,
    SAVE_UNWIND,
    SAVE_PROTECTOR,
    SAVE_OPTIMIZE,
    SAVE_ALIGN_CODE,
    SAVE_ALIGN_DATA,
    SAVE_ALIGN_STACK,
    SAVE_SMALL_NUMBERS,
    SAVINGS
};

struct counter {
    uint64_t saved;
    const char *first; /* the object that came first */
    const char *last;  /* the newest: objects come one after the other, more or less */
    uint32_t objects;
};

struct survey {
    const struct graph *graph;
    struct link *link;
    const struct report_budget *budget;
    struct counter all[SAVINGS];
};

/* Adds bytes that an option would save in an object. */
void survey_count(struct survey *survey, enum saving saving, uint64_t bytes, const char *object);
/* Whether the budget counts a row. */
bool survey_counts(const struct survey *survey, const struct report_row *row);
const struct report_row *survey_row(const struct survey *survey, uint32_t row);
/* The bytes of an atom's row as its object has them, or NULL. */
const unsigned char *row_bytes(const struct link *link, const struct report_row *row);

bool begins_with(const char *name, const char *prefix);
/* Hand-written assembly is not compiled with other options. */
bool is_compiled(const struct report_row *row);
/* Whether a function begins as all do that are not optimised. */
bool begins_with_frame(const unsigned char *bytes, uint64_t size);

/* Bytes of GCC's 16-bit code that only align the stack. stack_alignment.c */
uint64_t stack_alignment_in(const unsigned char *bytes, uint64_t size, bool is_main);

/* What clang's -Oz would save. small_numbers.c */
struct decoder;
void look_for_small_numbers(struct survey *survey, struct decoder *decoder);

/* What would go if each function had a section. dissect.c */
void look_at_sections(struct survey *survey, struct decoder *decoder);

#endif
