/* SPDX-License-Identifier: MIT
 *
 * How records look in each format; the format says what begins a document and what ends it. */
#ifndef WELT_CLI_RECORD_FORMS_H
#define WELT_CLI_RECORD_FORMS_H

#include "records.h"

void form_begin(struct records *records);
void form_add(struct records *records, const welt_diagnostic *diagnostic);
void form_end(struct records *records);

/* What a form writes with; `to` is a struct records. */
void records_bytes(void *to, const char *text, size_t size);
void records_text(struct records *records, const char *text);

#endif
