/* SPDX-License-Identifier: MIT
 *
 * How a mistake in a script is shown:
 *
 *     boot.ld:3:14: error: expected `)', found `{' [welt-script]
 *         .text : AT(0 { *(.text) }
 *                      ^
 *
 * The first line is diagnose()'s. The line of the script and the caret line are the excerpt. */
#include "script/script.h"

#include <stdio.h>
#include <string.h>

/* A line longer than this is shown from some way before the column on: scripts that programs write
 * have everything on one. */
enum { SHOWN_BYTES = 100, SHOWN_BEFORE = 60 };

static size_t line_size(const char *text, size_t most)
{
    size_t size = 0;
    while (size < most && text[size] && text[size] != '\n' && text[size] != '\r')
        size++;
    return size;
}

/* Tabs become single spaces, so that the caret stands under its column whatever a tab is worth. */
static void copy_printable(char *to, const char *from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)from[i];
        to[i] = c == '\t' ? ' ' : (char)(c < 0x20 || c == 0x7f ? '?' : c);
    }
}

static const char *show_line(const struct script_place *place, char *buffer)
{
    size_t before = place->column ? place->column - 1 : 0;
    size_t skipped = before > SHOWN_BYTES - 20 ? before - SHOWN_BEFORE : 0;
    const char *text = place->text + skipped;
    before -= skipped;
    size_t size = line_size(text, SHOWN_BYTES);
    if (size < before)
        return NULL; /* the column is not in the line */
    copy_printable(buffer, text, size);
    buffer[size] = '\n';
    memset(buffer + size + 1, ' ', before);
    memcpy(buffer + size + 1 + before, "^", 2);
    return buffer;
}

void script_diagnose_with(struct host *host, welt_severity severity, const char *id,
                          const struct script_place *place, const char *hint, const char *message)
{
    char lines[2 * SHOWN_BYTES + 4];
    struct place where = place_in_script(*place);
    where.excerpt = place->text ? show_line(place, lines) : NULL;
    diagnose(host, severity, id, where, hint, "%s", message);
}

void script_diagnose(struct host *host, welt_severity severity, const char *id,
                     const struct script_place *place, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    script_diagnose_with(host, severity, id, place, NULL, message);
}
