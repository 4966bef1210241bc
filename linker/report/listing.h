/* SPDX-License-Identifier: MIT
 *
 * The listing while it is made: listing.c goes through the image span by span, listing_rows.c
 * writes the lines of a stretch of bytes, listing_targets.c names what they were made from. */
#ifndef WELT_REPORT_LISTING_H
#define WELT_REPORT_LISTING_H

#include "report/flow.h"

typedef unsigned long long number; /* as printf() takes it */

enum { ADDRESS = 8, BYTES = 16, TEXT = 43, DATA_TEXT = 66, COMMENT = 76 }; /* columns */

struct listing {
    struct link *link;
    struct text text;
    struct labels labels;
    struct code_bits bits;
    struct code_flow flow;
    struct decoder *decoder; /* for the stretch that is being shown */
    unsigned stretch_bits;   /* … of code, for which its heading or a line above says the mode */
    uint32_t input, section; /* whose heading is above */
    struct sources *sources;
    const struct source_table *table; /* of the span's object, or NULL */
    const struct source_row *source;  /* that is said above */

    /* the span that is being shown */
    const struct span *span;
    const unsigned char *bytes; /* NULL: memory only */
    uint64_t in_atom;           /* the offset of its first byte in the atom */
    size_t label;               /* the next one, index into labels.by_atom */
    uint32_t ref;               /* the next one of the atom's */
};

/* Bytes `at` to `to` of the span. */
void list_code(struct listing *listing, uint64_t at, uint64_t to);
void list_data(struct listing *listing, uint64_t at, uint64_t to);
void list_memory(struct listing *listing, uint64_t at, uint64_t to);
void list_signature(struct listing *listing, uint64_t at, uint64_t to);

/* The whole span on one line, however long: how many bytes, and with what they are filled. */
void list_filled(struct listing *listing, const char *kind);

/* How many bytes from `from` on are equal, `to` not reached. */
uint64_t equal_bytes(const struct listing *listing, uint64_t from, uint64_t to);

/* Where the next reference's field begins, in the span; `end` when there is none before it. */
uint64_t next_ref(const struct listing *listing, uint64_t end);

/* What is relocated before `end`, which is then behind us: how many are named at the line's end. */
unsigned list_targets(struct listing *listing, uint64_t end, bool is_code);

#endif
