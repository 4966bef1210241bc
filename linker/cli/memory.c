/* SPDX-License-Identifier: MIT
 *
 * Memory of the command's own. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void *resize(void *memory, size_t size)
{
    void *larger = realloc(memory, size);
    if (!larger) {
        fputs("welt: error: memory ran out [welt-status]\n", stderr);
        exit(1);
    }
    return larger;
}

void *grow(void *at, size_t count, size_t item_size)
{
    return count & (count - 1) ? at : resize(at, (count ? count * 2 : 1) * item_size);
}

char *make_text(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t size = (size_t)vsnprintf(NULL, 0, format, arguments) + 1;
    char *text = resize(NULL, size);
    vsnprintf(text, size, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}
