/* SPDX-License-Identifier: MIT
 *
 * Diagnostics for machines: --diagnostics=FORMAT[:FILE]. */
#ifndef WELT_CLI_RECORDS_H
#define WELT_CLI_RECORDS_H

#include "support/json.h"
#include "welt.h"

enum record_format { RECORDS_TEXT, RECORDS_JSON, RECORDS_SARIF, RECORDS_GITHUB };

struct early { /* told before the format was known */
    welt_severity severity;
    const char *id;
    char *message, *text;
};

struct records {
    enum record_format format;
    const char *path; /* "-": standard output; NULL: standard error, in place of the text */
    struct json json;
    char *text; /* what was recorded so far */
    size_t size, room;
    size_t printed; /* of it, on its stream */
    struct early *early;
    size_t early_count;
    bool is_begun, is_closed;
    bool is_wanted;  /* there was a link, or something to tell */
    bool is_written; /* among the outputs of the link */
    bool is_refused; /* its file cannot be written, which was told */
    bool failed;     /* memory ran out */
    unsigned counts[WELT_ERROR + 1];
};

/* Reads "sarif:FILE". false: a mistake, which was told. */
bool records_take(struct records *records, const char *value);

/* Text alone: the file that was named must not be written. */
void records_forget(struct records *records);

/* From here on the format stands; what was told before is recorded. */
void records_begin(struct records *records);
void records_add(struct records *records, const welt_diagnostic *diagnostic);

/* Whether the document goes to a file, or to standard output. */
bool records_have_file(const struct records *records);
bool records_are_printed(const struct records *records);
/* The whole document, if nothing more is told; file->data is the caller's to free. false: memory
 * ran out. */
bool records_copy(const struct records *records, welt_own_file *file);
/* Prints what is known of a document for a stream; standard output is the caller's to flush. false:
 * it could not be written. */
bool records_print(struct records *records);
/* The end: what has not gone where it belongs goes there. false: it could not be written, which was
 * told. The linker is the one that it was told by, or NULL. */
bool records_end(struct records *records, welt_linker *linker);

/* The text form, on standard error. */
void show_text(const welt_diagnostic *diagnostic);
/* The same as a library's callback. */
void show_alone(void *user, const welt_diagnostic *diagnostic);

#endif
