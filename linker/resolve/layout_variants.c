/* SPDX-License-Identifier: MIT
 *
 * The layout `ld` as the command line wants it.
 *
 * GNU ld has a script for each way of linking; here a comment at the end of a line, `only -shared`
 * or `not -shared`, says which of them have the line.
 *
 * Requires: settings. Provides: the layout's text, in which lines that are not wanted are empty, so
 * that the others keep their numbers. */
#include "resolve/layout_variants.h"

#include <elf.h>
#include <string.h>

struct mark {
    const char *text;
    bool is_wanted;
};

static bool ends_with(const char *line, size_t size, const char *mark)
{
    size_t its = strlen(mark);
    return size >= its && memcmp(line + size - its, mark, its) == 0;
}

static bool is_left_out(const struct mark *marks, size_t count, const char *line, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (!marks[i].is_wanted && ends_with(line, size, marks[i].text))
            return true;
    return false;
}

const char *layout_variant(struct arena *arena, const struct settings *set, const char *text)
{
    const welt_options *given = &set->given;
    bool is_paged = !given->omagic && !given->nmagic;
    bool is_shared = is_paged && given->shared;
    bool is_now = is_paged && given->loader_flags & DF_BIND_NOW;
    const struct mark marks[] = {{"/* only -shared */", is_shared},
                                 {"/* not -shared */", !is_shared},
                                 {"/* only -z now */", is_now},
                                 {"/* not -z now */", !is_now}};
    char *variant = (char *)arena_text(arena, text, strlen(text));
    for (char *line = variant; *line;) {
        size_t size = strcspn(line, "\n");
        if (is_left_out(marks, sizeof marks / sizeof *marks, line, size))
            memset(line, ' ', size);
        line += size + (line[size] == '\n');
    }
    return variant;
}
