/* SPDX-License-Identifier: MIT
 *
 * What is told about a link: texts made from the address map and its side tables. */
#ifndef WELT_REPORT_REPORT_H
#define WELT_REPORT_REPORT_H

#include "link.h"

struct text_block;

/* A text that grows line by line, in blocks of the host's memory until text_close() puts them
 * together. */
struct text {
    struct arena *arena;
    struct text_block *first, *last;
    size_t size; /* of all blocks */
    size_t line; /* where the line that is being written begins, in the last block */
};

void text_put(struct text *text, const char *bytes, size_t size);
/* The same, for JSON to be written to: `to` is the text. */
void text_take(void *to, const char *bytes, size_t size);
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Blanks up to a column of the line, at least one between two things. */
void text_column(struct text *text, size_t column);
/* Ends the line. Names come from hostile files: what would break the line is shown as `?'. */
void text_end_line(struct text *text);
welt_bytes text_close(struct text *text);

/* A name as long as a line bears, for text_add(). */
#define NAME "%.400s"

welt_bytes report_image(struct link *link, struct arena *arena);   /* outputs.c */
welt_bytes report_script(struct link *link, struct arena *arena);  /* outputs.c */
welt_bytes report_summary(struct link *link, struct arena *arena); /* summary.c */
welt_bytes report_map(struct link *link, struct arena *arena);     /* map.c */
/* With the cross reference table behind it, if that was asked for. */
welt_bytes report_whole_map(struct link *link, struct arena *arena); /* outputs.c */
welt_bytes report_listing(struct link *link, struct arena *arena);   /* listing.c */

/* Where the bytes are: forms.c. What all forms show is made first, and stays with the link. */
void prepare_report(struct link *link);
welt_bytes report_as_text(struct link *link, struct arena *arena);
welt_bytes report_as_json(struct link *link, struct arena *arena);
welt_bytes report_as_markdown(struct link *link, struct arena *arena);
welt_bytes report_as_html(struct link *link, struct arena *arena);
welt_bytes report_as_csv(struct link *link, struct arena *arena);
/* "unreached", "merged", …; NULL for what was never meant to be in an image. describe.c */
const char *why_removed(uint8_t removed);

/* As GNU ld words them. */
welt_bytes report_trace(struct link *link, struct arena *arena);          /* trace.c */
welt_bytes report_trace_members(struct link *link, struct arena *arena);  /* trace.c */
welt_bytes report_traced_symbols(struct link *link, struct arena *arena); /* trace.c */
welt_bytes report_cref(struct link *link, struct arena *arena);           /* cref.c */
welt_bytes report_removed(struct link *link, struct arena *arena);        /* outputs.c */
welt_bytes report_memory_usage(struct link *link, struct arena *arena);   /* outputs.c */
welt_bytes report_dependencies(struct link *link, struct arena *arena);   /* dependencies.c */

#endif
