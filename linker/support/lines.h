/* SPDX-License-Identifier: MIT
 *
 * Source lines from debug information (DWARF 2 to 5), by libdwarf.
 *
 *     struct lines *lines = lines_open(host);
 *     if (lines && lines_use(lines, sections, count, 4) && lines_find(lines, address, &line)) …
 *     lines_close(host, lines);
 *
 * libdwarf is a shared library that most links have no use for: it is opened by the first message
 * that has a place, and where it is not installed, messages name the object's section instead. */
#ifndef WELT_SUPPORT_LINES_H
#define WELT_SUPPORT_LINES_H

#include "support/host.h"

struct lines;

struct debug_section {
    const char *name; /* ".debug_line" */
    const unsigned char *bytes;
    uint64_t size;
};

enum { SOURCE_PATH_ROOM = 1024 };
struct source_line {
    char
        path[SOURCE_PATH_ROOM]; /* as the compiler was given it when it was called in this folder */
    unsigned line, column;      /* column 0: not known */
};

/* NULL: there is no libdwarf. What was opened is closed also when host_fail() jumps past. */
struct lines *lines_open(struct host *host);
void lines_close(struct host *host, struct lines *lines);

/* From now on lines are looked for in these sections, which must stay. false: they say nothing. */
bool lines_use(struct lines *lines, const struct debug_section *sections, size_t count,
               unsigned pointer_size);
/* The line that an address was made from; false: none says so. */
bool lines_find(struct lines *lines, uint64_t address, struct source_line *line);

#endif
