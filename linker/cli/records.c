/* SPDX-License-Identifier: MIT
 *
 * Diagnostics as they come, for people on standard error and for machines in a document, and where
 * that document goes. How it looks is record_forms.c's.
 *
 * What is told before the command line is read to its end waits: the form may stand behind it. A
 * document for a file is written among the link's outputs, so that they are all there or none; one
 * for a stream is printed, as far as it is known, just before they get their names. */
#include "records.h"

#include "memory.h"
#include "mistakes.h"
#include "record_forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was recorded ---- */

void records_bytes(void *to, const char *text, size_t size)
{
    struct records *records = to;
    if (records->size + size > records->room) {
        size_t room = 2 * records->room + size + 4096;
        char *larger = realloc(records->text, room);
        records->failed |= !larger;
        if (!larger)
            return;
        records->text = larger;
        records->room = room;
    }
    memcpy(records->text + records->size, text, size);
    records->size += size;
}

void records_text(struct records *records, const char *text)
{
    records_bytes(records, text, strlen(text));
}

/* ---- text ---- */

void show_text(const welt_diagnostic *diagnostic)
{
    fprintf(stderr, "%s\n", diagnostic->text);
    if (diagnostic->excerpt)
        fprintf(stderr, "%s\n", diagnostic->excerpt);
    if (!diagnostic->hint)
        return;
    if (diagnostic->line && diagnostic->column)
        fprintf(stderr, "%s:%u:%u: note: %s\n", diagnostic->file, diagnostic->line,
                diagnostic->column, diagnostic->hint);
    else if (diagnostic->line)
        fprintf(stderr, "%s:%u: note: %s\n", diagnostic->file, diagnostic->line, diagnostic->hint);
    else
        fprintf(stderr, "welt: note: %s\n", diagnostic->hint);
}

void show_alone(void *user, const welt_diagnostic *diagnostic)
{
    (void)user;
    show_text(diagnostic);
}

/* ---- as it comes ---- */

bool records_take(struct records *records, const char *value)
{
    static const char *const words[] = {"text", "json", "sarif", "github"};
    size_t size = strcspn(value, ":");
    for (int i = 0; i < 4; i++)
        if (strlen(words[i]) == size && memcmp(words[i], value, size) == 0) {
            records->format = (enum record_format)i;
            records->path = value[size] ? value + size + 1 : NULL;
            if (!records->path || *records->path)
                return true;
        }
    mistake("`%.100s' of --diagnostics: there are text, json, sarif and github, with :FILE behind",
            value);
    return false;
}

void records_forget(struct records *records)
{
    records->format = RECORDS_TEXT;
    records->path = NULL;
}

static void keep_early(struct records *records, const welt_diagnostic *its)
{
    records->early = grow(records->early, records->early_count, sizeof *records->early);
    records->early[records->early_count++] = (struct early){
        its->severity, its->id, make_text("%s", its->message), make_text("%s", its->text)};
}

void records_begin(struct records *records)
{
    records->is_begun = true;
    form_begin(records);
    for (size_t i = 0; i < records->early_count; i++) {
        struct early *early = &records->early[i];
        const welt_diagnostic diagnostic = {.size = sizeof diagnostic,
                                            .severity = early->severity,
                                            .id = early->id,
                                            .message = early->message,
                                            .text = early->text};
        records_add(records, &diagnostic);
        free(early->message);
        free(early->text);
    }
    free(records->early);
    records->early = NULL;
    records->early_count = 0;
}

/* Telling again that its own file cannot be written would say nothing new. */
static bool is_about_its_file(const struct records *records, const welt_diagnostic *its)
{
    return records->path && its->severity == WELT_ERROR && its->object &&
           strcmp(its->object, records->path) == 0 && strcmp(its->id, "file") == 0;
}

void records_add(struct records *records, const welt_diagnostic *diagnostic)
{
    if (!records->is_begun) {
        keep_early(records, diagnostic);
        return;
    }
    bool is_text = records->format == RECORDS_TEXT;
    if (records->path || is_text || records->is_closed)
        show_text(diagnostic);
    if (records->is_closed)
        return;
    records->is_refused |= is_about_its_file(records, diagnostic);
    records->is_wanted = true;
    records->counts[diagnostic->severity]++;
    if (records->path || !is_text)
        form_add(records, diagnostic);
}

/* ---- the document ---- */

static bool is_stdout(const struct records *records)
{
    return records->path && strcmp(records->path, "-") == 0;
}

bool records_have_file(const struct records *records)
{
    return records->path && !is_stdout(records);
}

bool records_are_printed(const struct records *records)
{
    return is_stdout(records);
}

bool records_copy(const struct records *records, welt_own_file *file)
{
    struct records whole = *records;
    whole.json.to = &whole;
    whole.room = whole.size + 256;
    whole.text = malloc(whole.room);
    whole.failed |= !whole.text;
    if (!whole.failed) {
        memcpy(whole.text, records->size ? records->text : "", records->size);
        form_end(&whole);
    }
    *file = (welt_own_file){records->path, whole.text, whole.size};
    if (whole.failed)
        free(whole.text);
    return !whole.failed;
}

bool records_print(struct records *records)
{
    FILE *stream = is_stdout(records) ? stdout : stderr;
    size_t size = records->size - records->printed;
    if (records_have_file(records) || !size)
        return true;
    const char *rest = records->text + records->printed;
    records->printed = records->size;
    bool fine = fwrite(rest, 1, size, stream) == size;
    return fine && (stream == stdout || fflush(stream) == 0);
}

/* Whole or not at all, and no input of the link, as its outputs are. A command that came to no link
 * has a linker for this alone. */
static bool write_file(const struct records *records, welt_linker *linker)
{
    welt_options options = WELT_OPTIONS_INIT;
    welt_linker *own = NULL;
    options.on_diagnostic = show_alone;
    welt_status status = linker ? WELT_OK : welt_linker_new(&own, &options);
    if (status == WELT_OK)
        status =
            welt_write_bytes(linker ? linker : own, records->path, records->text, records->size);
    welt_linker_free(own);
    return status == WELT_OK;
}

bool records_end(struct records *records, welt_linker *linker)
{
    if (records->is_closed)
        return true;
    bool fine = true, is_left = records->is_wanted && !records->is_written && !records->is_refused;
    form_end(records);
    records->is_closed = true;
    if (is_left && records->failed) {
        complain("status", "memory ran out");
        fine = false;
    } else if (is_left && records_have_file(records)) {
        fine = write_file(records, linker);
    } else if (is_left) {
        fine = records_print(records);
    }
    return fine;
}
