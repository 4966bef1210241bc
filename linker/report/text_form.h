/* SPDX-License-Identifier: MIT
 *
 * The parts of write_text.c. */
#ifndef WELT_REPORT_TEXT_FORM_H
#define WELT_REPORT_TEXT_FORM_H

#include "report/forms.h"

enum { INDENT = 2 };

/* A line of its own behind an empty one. */
void text_heading(struct text *text, const char *heading);
/* [####....], with `!' at its end when `part' is more than `whole'. */
void text_bar(struct text *text, uint64_t part, uint64_t whole, unsigned width);
/* The margin, budgets and advice: write_text_head.c */
void write_text_head(const struct report *report, struct text *text);

#endif
