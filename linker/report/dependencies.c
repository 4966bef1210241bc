/* SPDX-License-Identifier: MIT
 *
 * --dependency-file: a rule for make, in the shape that GNU ld gives it. The empty rules let make
 * go on when a file is gone that an older link read.
 *
 *     boot.bin: \
 *       link.ld \
 *       boot.o
 *
 *     link.ld:
 *
 *     boot.o:
 *
 * Blanks, `#` and `$` are escaped as make reads them (GNU make's manual, 3.1 and 4.3), which GNU ld
 * leaves out. */
#include "ask.h"
#include "report/report.h"

#include "support/files.h"

#include <string.h>

static void add_path(struct text *text, const char *path)
{
    for (const char *at = path; *at; at++) {
        if (*at == ' ' || *at == '#' || *at == '\t')
            text_add(text, "\\");
        else if (*at == '$')
            text_add(text, "$");
        text_add(text, "%c", *at);
    }
}

/* A file is named once, however often it was read. */
static size_t distinct(struct link *link, struct arena *arena, const char **paths)
{
    struct names names;
    size_t count = 0;
    names_open(&names, arena);
    for (size_t i = 0; i < link->files.count; i++) {
        bool is_new;
        const char *path = link->files.at[i]->path;
        names_add(&names, path, strlen(path), &is_new);
        if (is_new)
            paths[count++] = path;
    }
    return count;
}

welt_bytes report_dependencies(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    const char **paths = (const char **)arena_array(arena, link->files.count + 1, sizeof *paths);
    size_t count = distinct(link, arena, paths);
    add_path(&text, image_name(link));
    text_add(&text, ":");
    for (size_t i = 0; i < count; i++) {
        text_add(&text, " \\");
        text_end_line(&text);
        text_add(&text, "  ");
        add_path(&text, paths[i]);
    }
    text_end_line(&text);
    for (size_t i = 0; i < count; i++) {
        text_end_line(&text);
        add_path(&text, paths[i]);
        text_add(&text, ":");
        text_end_line(&text);
    }
    return text_close(&text);
}
