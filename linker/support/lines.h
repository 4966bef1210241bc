/* SPDX-License-Identifier: MIT
 *
 * Source lines from debug information (DWARF 2 to 5), by libdwarf.
 *
 *     struct lines *lines = lines_open(host);
 *     if (lines && lines_use(lines, sections, count, 4))
 *         lines_visit(lines, add_line, table);
 *     lines_close(host, lines);
 *
 * libdwarf is a shared library that most links have no use for: it is opened by the first message
 * that has a place, or the first report, and where it is not installed, messages name the object's
 * section instead and reports have no lines. */
#ifndef WELT_SUPPORT_LINES_H
#define WELT_SUPPORT_LINES_H

#include "support/host.h"

struct lines;

struct debug_section {
    const char *name; /* ".debug_line" */
    const unsigned char *bytes;
    uint64_t size;
};

/* Bytes that a line was made to. */
struct line_range {
    uint64_t address, end;
    unsigned line, column; /* column 0: not known */
    const char *path;      /* where the compiler found the file; lives while the visitor runs */
    const char *folder;    /* where the compiler ran; NULL: not known */
    const char *unit;      /* the file that the compiler was given, as it was; NULL: not known */
    bool is_new_file;      /* `path`, `folder` or `unit` is another than before */
};
typedef void line_visitor(void *to, const struct line_range *range);

/* NULL: there is no libdwarf. What was opened is closed also when host_fail() jumps past. */
struct lines *lines_open(struct host *host);
void lines_close(struct host *host, struct lines *lines);

/* From now on lines are looked for in these sections, which must stay. false: they say nothing. */
bool lines_use(struct lines *lines, const struct debug_section *sections, size_t count,
               unsigned pointer_size);
/* The sections may go. */
void lines_leave(struct lines *lines);
/* Every range that is not empty, in the order of the tables. */
void lines_visit(struct lines *lines, line_visitor *visit, void *to);

#endif
