/* SPDX-License-Identifier: MIT
 *
 * What is wrong with the command line or with the command's own streams, as diagnostics like those
 * of a link: they are told in the form that --diagnostics asks for, which may stand behind the
 * mistake. So each goes to the records, which keep it until the form is known.
 *
 * Any reader of a word may find a mistake, also those that know no command; and there is one
 * command in a process. Handing its records down to each would put them into every signature: this
 * is the one variable of the command's that is not handed on. */
#include "mistakes.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
    struct records *records;
    bool was_mistaken;
} hearer;

void hear_mistakes(struct records *records)
{
    hearer.records = records;
    hearer.was_mistaken = false;
}

/* In no memory of its own: it may be told when there is none left, or while files are written. */
static void say(welt_severity severity, const char *id, const char *format, va_list arguments)
{
    static const char *const texts[] = {"note", "warning", "error"};
    char message[1024], text[1100];
    vsnprintf(message, sizeof message, format, arguments);
    snprintf(text, sizeof text, "welt: %s: %s [welt-%s]", texts[severity], message, id);
    const welt_diagnostic diagnostic = {.size = sizeof diagnostic,
                                        .severity = severity,
                                        .id = id,
                                        .message = message,
                                        .text = text};
    records_add(hearer.records, &diagnostic);
}

/* One makes others: a word that is none leaves its argument behind, which is none either. */
void mistake(const char *format, ...)
{
    va_list arguments;
    if (hearer.was_mistaken)
        return;
    hearer.was_mistaken = true;
    va_start(arguments, format);
    say(WELT_ERROR, "option", format, arguments);
    va_end(arguments);
}

void warn_of(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(WELT_WARNING, "option", format, arguments);
    va_end(arguments);
}

void complain(const char *id, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(WELT_ERROR, id, format, arguments);
    va_end(arguments);
}
