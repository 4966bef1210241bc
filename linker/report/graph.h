/* SPDX-License-Identifier: MIT
 *
 * Who refers to whom, row by row: for the chain from the entry to a symbol, and for what goes when
 * a symbol goes.
 *
 *     main (main.o:.text)  ->  put (util.o:.text)  ->  [util.o:.text]  ->  hex (util.o:.text)
 *
 * Nodes are the report's rows; then one for each atom that holds several rows, because whoever
 * keeps one of them keeps the section and with it the others; then the root, from which the entry
 * and whatever else gc starts at are reached. */
#ifndef WELT_REPORT_GRAPH_H
#define WELT_REPORT_GRAPH_H

#include "report/model.h"

struct graph {
    struct link *link;
    struct report *report;
    struct arena *arena;
    uint32_t *row_of_atom; /* its first row, or NONE; a leader's for what it stands for */
    uint32_t *row_counts;  /* atom -> how many it has; they follow each other */
    uint32_t *atom_nodes;  /* atom -> its node, NONE when it has one row or none */
    uint32_t rows, root, nodes;
    uint32_t *first, *to; /* node n leads to to[first[n]] … to[first[n + 1] - 1] */
};

/* How the rows of an atom depend on each other. */
struct graph_cut {
    const uint8_t *atoms; /* atom -> 1: its rows stand for themselves, as if each had a section */
    const uint32_t *from, *to; /* what is known to lead from one row of such an atom to another */
    size_t count;
};

/* `cut` NULL: sections are kept or dropped as a whole, as gc does. */
void graph_build(struct graph *graph, struct link *link, struct report *report, struct arena *arena,
                 const struct graph_cut *cut);

/* The row of an atom that holds an offset, or NONE. */
uint32_t graph_row_at(const struct graph *graph, uint32_t atom, uint64_t offset);

/* For each node, the bytes of all rows that are reached through it alone, itself included; those of
 * `gone` rows and of what nothing reaches are 0. Bytes are those of rows that the budget counts. */
uint64_t *graph_freed(const struct graph *graph, const struct report_budget *budget,
                      const uint8_t *gone);

/* Which nodes the root reaches. */
uint8_t *graph_reached(const struct graph *graph);

#endif
