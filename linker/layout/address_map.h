/* SPDX-License-Identifier: MIT
 *
 * The parts of address_map.c: spans of output sections, joined to cover the file (cover.c), and
 * what closes it (closing.c). */
#ifndef WELT_LAYOUT_ADDRESS_MAP_H
#define WELT_LAYOUT_ADDRESS_MAP_H

#include "link.h"

enum layer {
    PROGRAM, /* of the file: what an object brings */
    REST,    /* … what the layout alone puts there; .bss in a hole */
    MEMORY   /* what takes memory only */
};

struct order { /* of an output section */
    enum layer layer;
    uint64_t at; /* file offset, or address of what takes memory only */
    uint32_t output;
};

/* Adds to link.spans, unless it is empty. */
void add_span(struct link *link, struct span span);
struct span span_of_chunk(const struct link *link, uint32_t index, const struct chunk *chunk);
void fill_gap(struct link *link, uint64_t from, uint64_t to, const struct span *next);

/* Adds the spans of the file: of so many output sections of the program and so many of the rest
 * behind them, each by their place. Where they overlap (an error that is told elsewhere), the
 * program's stay. Result: the size of the file. cover.c */
uint64_t cover_file(struct link *link, const struct order *orders, size_t programs, size_t rests);

/* Require the spans of the file. Provide the kinds WELT_SPAN_SIGNATURE and WELT_SPAN_FREE, and how
 * much of each region is free. closing.c */
void find_signature(struct link *link);
void find_headroom(struct link *link);

#endif
