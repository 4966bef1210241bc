/* SPDX-License-Identifier: MIT
 *
 * Diagnostics for machines: --diagnostics=FORMAT[:FILE]. */
#ifndef WELT_CLI_RECORDS_H
#define WELT_CLI_RECORDS_H

#include "support/json.h"
#include "welt.h"

enum record_format { RECORDS_TEXT, RECORDS_JSON, RECORDS_SARIF, RECORDS_GITHUB };

struct records {
    enum record_format format;
    const char *path; /* NULL: standard error, in place of the text */
    struct json json;
    char *text; /* what was recorded so far */
    size_t size, room;
    bool failed; /* memory ran out */
    bool is_closed;
    unsigned counts[WELT_ERROR + 1];
};

/* Reads "sarif:FILE". false: a mistake, which was printed. */
bool records_take(struct records *records, const char *value);

void records_begin(struct records *records);
void records_add(struct records *records, const welt_diagnostic *diagnostic);
/* Writes what was recorded to its file or to standard error and frees it; false: it could not be
 * written, which was printed. The linker is the one that it was told by. */
bool records_end(struct records *records, welt_linker *linker);

/* The text form, on standard error. */
void show_text(const welt_diagnostic *diagnostic);

#endif
