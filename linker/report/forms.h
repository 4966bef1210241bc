/* SPDX-License-Identifier: MIT
 *
 * The forms of a report, each a file write_FORM.c. All say the same: see model.h. */
#ifndef WELT_REPORT_FORMS_H
#define WELT_REPORT_FORMS_H

#include "report/model.h"
#include "report/report.h"

#define REPORT_SCHEMA "welt-report/1"

void write_text(const struct report *report, struct text *text);
void write_json(const struct report *report, struct text *text);
void write_markdown(const struct report *report, struct text *text);
void write_html(const struct report *report, struct text *text);
void write_csv(const struct report *report, struct text *text);

/* The JSON also as it may stand within an HTML page's <script>. */
void write_json_report(const struct report *report, struct text *text, bool in_html);

/* "497 of 510 bytes, 13 free", "517 of 510 bytes, 7 over". */
void add_margin(struct text *text, uint64_t used, uint64_t limit);
/* Rounded. `whole` is not 0. */
uint64_t per_mille(uint64_t part, uint64_t whole);
/* "97.4 %"; "-" of nothing. */
void add_percent(struct text *text, uint64_t part, uint64_t whole);
/* "+12", "-3", "0": after less before. */
void add_difference(struct text *text, uint64_t before, uint64_t after);
/* "_start > main > put": who keeps a row, from the entry on; cut in the middle when it is long. */
void add_chain(struct text *text, const struct report *report, uint32_t row);

#endif
