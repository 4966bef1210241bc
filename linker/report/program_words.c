/* SPDX-License-Identifier: MIT
 *
 * What can be said of a function that is the program, where a budget is over: its largest lines,
 * the largest data, the options that it lacks. For messages and forms alike. */
#include "report/model.h"
#include "report/report.h"

typedef unsigned long long number; /* as printf() takes it */

static const char *list_parts(struct arena *arena, const char *what,
                              const struct report_part *parts, size_t count)
{
    const char *text = what;
    for (size_t i = 0; i < count; i++)
        text = arena_format(arena, "%s%s " NAME " %llu", text, i ? "," : "", parts[i].name,
                            (number)parts[i].size);
    return text;
}

size_t program_words(struct arena *arena, const struct report_program *program,
                     const char *words[PROGRAM_WORDS])
{
    size_t count = 0;
    words[count++] =
        arena_format(arena, "what is over is in `" NAME "', the program itself: " BYTES,
                     shown_name(arena, program->symbol), COUNT(program->size));
    if (program->lines.count)
        words[count++] =
            list_parts(arena, "the lines that cost most:", program->lines.at, program->lines.count);
    else if (program->wants_lines)
        words[count++] = "compile it with -g too, and the lines that cost most are named";
    if (program->data.count)
        words[count++] =
            list_parts(arena, "the largest data:", program->data.at, program->data.count);
    if (program->flags)
        words[count++] = arena_format(arena, "%s: %s", program->flags, program->why);
    return count;
}
