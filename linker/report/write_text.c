/* SPDX-License-Identifier: MIT
 *
 * A report as text, for a terminal:
 *
 *     boot.bin: 497 of 510 bytes, 13 free
 *
 *     Budgets                                              used     limit      free
 *       region   sector    [###############################.]   497       510        13   97.4 %
 *
 *     Image by kind                512 bytes
 *            412   80.4 %  code
 *             60   11.7 %  data
 *             …
 *            512           in all
 *
 * Each table adds up to the image: the largest rows, one for the others, then those of no object.
 */
#include "report/text_form.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

enum { LARGEST = 12, SECTOR_RUNS = 24, CHANGES = 20, REMOVED = 10 };
enum { SECTOR_BAR = 32, NAME_COLUMNS = 32, PLACE_COLUMNS = 28 };
enum { SIZE_END = 10, PERCENT = 12, NAME_COLUMN = 22 };

/* ---- tables that add up ---- */

static void begin_row(struct text *text, uint64_t size, uint64_t whole)
{
    text_add(text, "%*llu  ", SIZE_END, (number)size);
    text_column(text, PERCENT);
    if (whole) {
        uint64_t mille = per_mille(size, whole);
        text_add(text, "%4llu.%llu %%", (number)(mille / 10), (number)(mille % 10));
    }
    text_column(text, NAME_COLUMN);
}

static void add_keeper(struct text *text, const struct report *report,
                       const struct report_total *total)
{
    const struct report_row *row = &report->rows.at[total->row];
    if (total->detail) {
        text_column(text, NAME_COLUMN + NAME_COLUMNS);
        text_add(text, NAME, total->detail);
    }
    if (row->keeper == NONE && !row->root)
        return;
    text_column(text, NAME_COLUMN + NAME_COLUMNS + PLACE_COLUMNS);
    add_chain(text, report, total->row);
}

static void add_others(struct text *text, uint64_t sum, size_t count, uint64_t whole)
{
    if (!count)
        return;
    begin_row(text, sum, whole);
    text_add(text, "(%llu others)", (number)count);
    text_end_line(text);
}

static void add_table(struct text *text, const struct report *report, const char *title,
                      enum total_by by)
{
    struct report_totals totals = sum_rows(report, text->arena, by, true);
    uint64_t others = 0, sum = 0;
    size_t left = 0;
    bool is_done = false;
    text_heading(text, title);
    for (size_t i = 0; i < totals.count; i++) {
        const struct report_total *total = &totals.at[i];
        sum += total->size;
        if (!total->is_special && i >= LARGEST) {
            others += total->size;
            left++;
            continue;
        }
        if (total->is_special && !is_done) {
            add_others(text, others, left, report->size);
            is_done = true;
        }
        begin_row(text, total->size, report->size);
        text_add(text, NAME, by == BY_SYMBOL ? shown_name(text->arena, total->name) : total->name);
        if (by == BY_SYMBOL)
            add_keeper(text, report, total);
        text_end_line(text);
    }
    if (!is_done)
        add_others(text, others, left, report->size);
    begin_row(text, sum, 0);
    text_add(text, "in all");
    text_end_line(text);
}

/* ---- memory ---- */

static void add_memory(struct text *text, const struct report *report)
{
    struct report_totals totals = sum_rows(report, text->arena, BY_SYMBOL, false);
    if (!totals.count)
        return;
    uint64_t sum = 0;
    text_heading(text, "Memory behind the image");
    for (size_t i = 0; i < totals.count; i++) {
        sum += totals.at[i].size;
        if (i >= LARGEST)
            continue;
        begin_row(text, totals.at[i].size, 0);
        text_add(text, NAME, shown_name(text->arena, totals.at[i].name));
        add_keeper(text, report, &totals.at[i]);
        text_end_line(text);
    }
    begin_row(text, sum, 0);
    text_add(text, "in all");
    text_end_line(text);
}

/* ---- sectors ---- */

/* Sectors that are equally full and follow each other stand on one line. */
static void add_sectors(struct text *text, const struct report *report)
{
    size_t count, runs = 0;
    const uint64_t *used = sum_sectors(report, text->arena, &count);
    if (count < 2)
        return;
    text_heading(text, "Sectors");
    for (size_t i = 0, end; i < count && runs < SECTOR_RUNS; i = end, runs++) {
        for (end = i + 1; end < count && used[end] == used[i];)
            end++;
        text_column(text, INDENT);
        if (end - i == 1)
            text_add(text, "%llu", (number)i);
        else
            text_add(text, "%llu-%llu", (number)i, (number)(end - 1));
        text_column(text, NAME_COLUMN - 6);
        text_bar(text, used[i], SECTOR_SIZE, SECTOR_BAR);
        text_add(text, "%5llu used", (number)used[i]);
        text_end_line(text);
        if (runs + 1 == SECTOR_RUNS && end < count) {
            text_add(text, "  ... to %llu", (number)(count - 1));
            text_end_line(text);
        }
    }
}

/* ---- what went ---- */

static int64_t next_removed(const struct report *report, const char *why, size_t from)
{
    for (size_t i = from; i < report->removed.count; i++)
        if (report->removed.at[i].why[0] == why[0] && report->removed.at[i].why[1] == why[1])
            return (int64_t)i;
    return -1;
}

/* A name of at most so many bytes; a string that is cut is closed again. */
static void add_short_name(struct text *text, const char *name)
{
    enum { SHOWN = 32 };
    size_t size = strlen(name);
    if (size <= SHOWN || name[0] != '"') {
        text_add(text, "%.32s%s", name, size > SHOWN ? "..." : "");
        return;
    }
    size = SHOWN - 1;
    while (name[size - 1] == '\\')
        size--;
    text_add(text, "%.*s\"...", (int)size, name);
}

static void add_removed_kind(struct text *text, const struct report *report, const char *why)
{
    uint64_t size = 0;
    size_t count = 0;
    for (int64_t i = 0; (i = next_removed(report, why, (size_t)i)) >= 0; i++, count++)
        size += report->removed.at[i].size;
    if (!count)
        return;
    begin_row(text, size, 0);
    text_add(text, "%-11s", why);
    size_t shown = 0;
    for (int64_t i = 0; (i = next_removed(report, why, (size_t)i)) >= 0 && shown < 6; i++) {
        const struct report_removed *removed = &report->removed.at[i];
        text_add(text, "%s", shown++ ? ", " : "");
        add_short_name(text, removed->symbol ? shown_name(text->arena, removed->symbol)
                                             : removed->section);
    }
    if (shown < count)
        text_add(text, " and %llu more", (number)(count - shown));
    text_end_line(text);
}

static void add_removed(struct text *text, const struct report *report)
{
    static const char *const reasons[] = {"unreached", "merged",  "folded",
                                          "discarded", "dropped", "comdat"};
    if (!report->removed.count)
        return;
    text_heading(text, "Not in the image");
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        add_removed_kind(text, report, reasons[i]);
}

/* ---- what changed ---- */

static void add_change(struct text *text, const struct report_change *change)
{
    text_column(text, INDENT);
    text_add(text, "%-8s", change->what);
    add_difference(text, change->before, change->after);
    text_column(text, INDENT + 18);
    text_add(text, "%llu -> %llu", (number)change->before, (number)change->after);
    text_column(text, INDENT + 36);
    text_add(text, NAME,
             change->symbol ? shown_name(text->arena, change->symbol) : change->section);
    if (change->object)
        text_add(text, "  " NAME, change->object);
    if (!change->in_file)
        text_add(text, "  (memory)");
    text_end_line(text);
}

static void add_comparison(struct text *text, const struct report *report)
{
    const struct report_comparison *comparison = report->comparison;
    if (!comparison)
        return;
    text_end_line(text);
    text_add(text, "Since " NAME ": ", comparison->baseline);
    add_difference(text, comparison->used, report->used);
    text_add(text, " bytes, %llu -> %llu used", (number)comparison->used, (number)report->used);
    text_end_line(text);
    for (size_t i = 0; i < comparison->all.count && i < CHANGES; i++)
        add_change(text, &comparison->all.at[i]);
    if (comparison->all.count > CHANGES) {
        text_add(text, "  ... and %llu more changes", (number)(comparison->all.count - CHANGES));
        text_end_line(text);
    } else if (!comparison->all.count) {
        text_add(text, "  nothing changed");
        text_end_line(text);
    }
}

void write_text(const struct report *report, struct text *text)
{
    write_text_head(report, text);
    add_comparison(text, report);
    add_table(text, report, "Image by kind", BY_KIND);
    add_table(text, report,
              "Largest symbols                                       object"
              "                      kept by",
              BY_SYMBOL);
    add_table(text, report, "Objects", BY_OBJECT);
    add_table(text, report, "Sections", BY_SECTION);
    if (report->lines.count) {
        add_table(text, report, "Sources", BY_SOURCE);
        add_table(text, report, "Largest source lines", BY_LINE);
    }
    add_sectors(text, report);
    add_memory(text, report);
    add_removed(text, report);
}
