/* SPDX-License-Identifier: MIT
 *
 * What is said of an archive that is damaged. */
#include "input/archive_reader.h"

#include <stdio.h>

bool archive_malformed(const struct archive_reader *reader, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diagnose(reader->arena->host, WELT_ERROR, "archive", reader->place,
             "the archive is cut short or damaged: make it again (ar rcs)", "%s", text);
    return false;
}
