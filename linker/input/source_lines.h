/* SPDX-License-Identifier: MIT
 *
 * Which source lines an object's bytes were made from, by its debug information. See
 * source_lines.c. */
#ifndef WELT_INPUT_SOURCE_LINES_H
#define WELT_INPUT_SOURCE_LINES_H

#include "input/object.h"

struct source_file {
    const char *path; /* where the compiler found it */
    const char *name; /* as the compiler was given it, or relative to where it ran */
};

struct source_row { /* bytes of a section */
    uint64_t offset, end;
    uint32_t section, file; /* file: index into `files` */
    unsigned line, column;  /* column 0: not known */
};

/* Rows are ordered by section and offset, and do not overlap. */
struct source_table {
    const struct object *object;
    LIST(struct source_file) files;
    LIST(struct source_row) rows;
    const char *unit; /* what was compiled, when it was one file */
};

/* Tables of objects, made when they are first asked for. */
struct sources;
struct sources *sources_open(struct host *host);
void sources_close(struct sources *sources);

/* NULL: the object has no debug information that could be read. The table lives as long as the
 * sources; objects must too. */
const struct source_table *sources_of(struct sources *sources, const struct object *object);
/* The same, made anew: for who asks once for each of many. */
const struct source_table *sources_read(struct sources *sources, const struct object *object);
/* The first object that was asked for whose lines are there, but compressed; or NULL. */
const struct object *sources_packed(const struct sources *sources);
/* The first row that ends behind a place in a section; of a later section, or rows.count, when
 * there is none. */
size_t source_row_from(const struct source_table *table, uint32_t section, uint64_t offset);
/* The row that holds it, or NULL. */
const struct source_row *source_row_at(const struct source_table *table, uint32_t section,
                                       uint64_t offset);

#endif
