/* SPDX-License-Identifier: MIT
 *
 * The table of diagnostics, and the words of -W:
 *
 *     boot, all, ""     every check; no-boot, no-all: none
 *     ID, no-ID         one diagnostic: checks are made or not, warnings and notes told or not
 *     error=ID, error   warnings, and a check's notes, are errors
 *     no-error=ID       a check's error is a warning */
#include "support/diagnostics.h"

#include <string.h>

#define DIAGNOSTIC(name, id, certainty, boot, ld, ...)                                             \
    {id, WELT_##certainty, WELT_LEVEL_##boot, WELT_LEVEL_##ld, false, __VA_ARGS__},
#define CHECK(name, id, certainty, boot, ld, ...)                                                  \
    {id, WELT_##certainty, WELT_LEVEL_##boot, WELT_LEVEL_##ld, true, __VA_ARGS__},
const struct diagnostic_row diagnostic_rows[DIAGNOSTIC_COUNT] = {
#include "support/diagnostics.def"
};
#undef DIAGNOSTIC
#undef CHECK

unsigned diagnostic_find(const char *id, size_t size)
{
    for (unsigned i = 0; i < DIAGNOSTIC_COUNT; i++)
        if (strlen(diagnostic_rows[i].id) == size && memcmp(diagnostic_rows[i].id, id, size) == 0)
            return i;
    return DIAGNOSTIC_COUNT;
}

void diagnostics_by_face(struct diagnostic_settings *settings, welt_face face)
{
    *settings = (struct diagnostic_settings){0};
    for (unsigned i = 0; i < DIAGNOSTIC_COUNT; i++)
        settings->levels[i] =
            face == WELT_FACE_BOOT ? diagnostic_rows[i].boot : diagnostic_rows[i].ld;
}

/* ---- wishes ---- */

static void turn_on(struct diagnostic_settings *settings, unsigned row)
{
    uint8_t level = diagnostic_rows[row].boot;
    settings->silent[row] = false;
    if (settings->levels[row] == WELT_LEVEL_OFF)
        settings->levels[row] = level == WELT_LEVEL_OFF ? WELT_LEVEL_NOTE : level;
}

static void turn_on_all(struct diagnostic_settings *settings)
{
    for (unsigned i = 0; i < DIAGNOSTIC_COUNT; i++)
        if (diagnostic_rows[i].is_check)
            turn_on(settings, i);
}

static void silence(struct diagnostic_settings *settings, unsigned row)
{
    settings->silent[row] = true;
    settings->levels[row] = WELT_LEVEL_OFF;
}

static void turn_on_named(struct diagnostic_settings *settings, unsigned row)
{
    turn_on(settings, row);
    settings->named[row] = true;
}

static void make_error(struct diagnostic_settings *settings, unsigned row)
{
    turn_on_named(settings, row);
    settings->as_error[row] = true;
    settings->as_warning[row] = false;
}

static void make_warning(struct diagnostic_settings *settings, unsigned row)
{
    settings->as_error[row] = false;
    settings->as_warning[row] = true;
}

typedef void wish(struct diagnostic_settings *settings, unsigned row);

/* `word` begins with the prefix: the rest names a diagnostic. */
static bool wish_for(struct diagnostic_settings *settings, const char *word, const char *prefix,
                     wish *grant)
{
    size_t size = strlen(prefix);
    if (strncmp(word, prefix, size) != 0)
        return false;
    unsigned row = diagnostic_find(word + size, strlen(word + size));
    if (row == DIAGNOSTIC_COUNT)
        return false;
    grant(settings, row);
    return true;
}

static void silence_all(struct diagnostic_settings *settings)
{
    for (unsigned i = 0; i < DIAGNOSTIC_COUNT; i++)
        if (diagnostic_rows[i].is_check)
            silence(settings, i);
}

bool diagnostics_wish(struct diagnostic_settings *settings, const char *word)
{
    if (!*word || strcmp(word, "all") == 0 || strcmp(word, "boot") == 0) {
        turn_on_all(settings);
        return true;
    }
    if (strcmp(word, "no-all") == 0 || strcmp(word, "no-boot") == 0) {
        silence_all(settings);
        return true;
    }
    return wish_for(settings, word, "no-error=", make_warning) ||
           wish_for(settings, word, "error=", make_error) ||
           wish_for(settings, word, "no-", silence) || wish_for(settings, word, "", turn_on_named);
}

/* ---- what they come to ---- */

welt_level diagnostics_level(const struct diagnostic_settings *settings, const char *id,
                             welt_severity severity)
{
    unsigned row = diagnostic_find(id, strlen(id));
    welt_level level = (welt_level)((int)severity + (int)WELT_LEVEL_NOTE);
    if (row == DIAGNOSTIC_COUNT)
        return level;
    bool is_check = diagnostic_rows[row].is_check;
    bool is_beside = severity == WELT_NOTE && diagnostics_is_error(id);
    if (settings->silent[row] && (is_check || severity != WELT_ERROR) && !is_beside)
        return WELT_LEVEL_OFF;
    if (settings->as_error[row] && (is_check || severity == WELT_WARNING))
        return WELT_LEVEL_ERROR;
    if (settings->as_warning[row] && is_check && severity == WELT_ERROR)
        return WELT_LEVEL_WARNING;
    return level;
}

bool diagnostics_is_error(const char *id)
{
    unsigned row = diagnostic_find(id, strlen(id));
    return row < DIAGNOSTIC_COUNT && !diagnostic_rows[row].is_check &&
           diagnostic_rows[row].boot > WELT_LEVEL_NOTE;
}

bool check_is_on(const struct host *host, enum diagnostic_name check)
{
    return host->diagnostics && host->diagnostics->levels[check] != WELT_LEVEL_OFF;
}

bool check_is_named(const struct host *host, enum diagnostic_name check)
{
    return check_is_on(host, check) && host->diagnostics->named[check];
}

static void tell(struct host *host, welt_severity severity, enum diagnostic_name check,
                 struct place place, const char *hint, const char *format, va_list arguments)
{
    const struct diagnostic_row *row = &diagnostic_rows[check];
    if (severity == WELT_NOTE && host->no_warnings)
        return;
    diagnose_list(host, severity, row->id, place, hint ? hint : row->remedy, format, arguments);
}

void check_found(struct host *host, enum diagnostic_name check, struct place place,
                 const char *hint, const char *format, ...)
{
    va_list arguments;
    if (!check_is_on(host, check))
        return;
    welt_severity severity = (welt_severity)(host->diagnostics->levels[check] - WELT_LEVEL_NOTE);
    va_start(arguments, format);
    tell(host, severity, check, place, hint, format, arguments);
    va_end(arguments);
}

void check_found_as(struct host *host, welt_severity severity, enum diagnostic_name check,
                    struct place place, const char *hint, const char *format, ...)
{
    va_list arguments;
    if (!check_is_on(host, check))
        return;
    va_start(arguments, format);
    tell(host, severity, check, place, hint, format, arguments);
    va_end(arguments);
}
