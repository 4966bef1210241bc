/* SPDX-License-Identifier: MIT
 *
 * A report as CSV (RFC 4180), one table for everything: the first column says what a line is.
 *
 *     image     a row of the file; the sizes of these add up to the image
 *     memory    what takes memory only
 *     line      where there is debug information: `size` bytes of the image that were made from
 * line `more` of `source`, and from those that are not known; these add up to it too budget `size`
 * used of `limit` removed   what the inputs held and the image does not; `kind` says why change
 * since the baseline: `before`, `size` after it; `kind` says what happened */
#include "report/forms.h"

typedef unsigned long long number; /* as printf() takes it */

struct line { /* what a line of the table may hold; NULL and absent numbers are empty cells */
    const char *table, *kind;
    const uint64_t *offset, *load_address, *address, *size, *before, *limit;
    const char *output, *object, *section, *symbol, *source, *more;
};

static void add_cell(struct text *text, const char *value)
{
    text_put(text, ",", 1);
    if (!value)
        return;
    text_put(text, "\"", 1);
    for (; *value; value++) {
        if (*value == '"')
            text_put(text, "\"", 1);
        text_put(text, (unsigned char)*value < 0x20 ? "?" : value, 1);
    }
    text_put(text, "\"", 1);
}

static void add_symbol(struct text *text, const char *symbol)
{
    add_cell(text, shown_name(text->arena, symbol));
}

static void add_number(struct text *text, const uint64_t *value)
{
    text_put(text, ",", 1);
    if (value)
        text_add(text, "%llu", (number)*value);
}

static void add_line(struct text *text, struct line line)
{
    text_add(text, "%s,%s", line.table, line.kind);
    add_number(text, line.offset);
    add_number(text, line.load_address);
    add_number(text, line.address);
    add_number(text, line.size);
    add_number(text, line.before);
    add_number(text, line.limit);
    add_cell(text, line.output);
    add_cell(text, line.object);
    add_cell(text, line.section);
    add_symbol(text, line.symbol);
    add_cell(text, line.source);
    add_symbol(text, line.more);
    text_put(text, "\r\n", 2);
}

static void add_rows(struct text *text, const struct report *report)
{
    for (size_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        const char *keeper = row->keeper == NONE ? row->root : NULL;
        if (row->keeper != NONE)
            keeper = row_name(&report->rows.at[row->keeper]);
        add_line(text, (struct line){.table = row->in_file ? "image" : "memory",
                                     .kind = row_kind_names[row->kind],
                                     .offset = row->in_file ? &row->offset : NULL,
                                     .load_address = &row->load_address,
                                     .address = &row->address,
                                     .size = &row->size,
                                     .output = row->output,
                                     .object = row->object,
                                     .section = row->section,
                                     .symbol = row->symbol ? row->symbol : row->text,
                                     .source = row->source,
                                     .more = keeper});
    }
}

static void add_source_lines(struct text *text, const struct report *report)
{
    struct report_totals totals = {0};
    if (report->lines.count)
        totals = sum_rows(report, text->arena, BY_LINE, true);
    for (size_t i = 0; i < totals.count; i++) {
        const struct report_total *total = &totals.at[i];
        const char *line = total->line ? arena_format(text->arena, "%u", total->line) : NULL;
        add_line(text, (struct line){.table = "line",
                                     .kind = row_kind_names[report->rows.at[total->row].kind],
                                     .size = &total->size,
                                     .source = total->line ? total->detail : total->name,
                                     .more = line});
    }
}

static void add_budgets(struct text *text, const struct report *report)
{
    for (size_t i = 0; i < report->budgets.count; i++) {
        const struct report_budget *budget = &report->budgets.at[i];
        add_line(text, (struct line){.table = "budget",
                                     .kind = budget_kind_names[budget->kind],
                                     .size = &budget->used,
                                     .limit = &budget->limit,
                                     .object = budget->object,
                                     .more = budget->name});
    }
}

static void add_removed(struct text *text, const struct report *report)
{
    for (size_t i = 0; i < report->removed.count; i++) {
        const struct report_removed *removed = &report->removed.at[i];
        add_line(text, (struct line){.table = "removed",
                                     .kind = removed->why,
                                     .size = &removed->size,
                                     .object = removed->object,
                                     .section = removed->section,
                                     .symbol = removed->symbol,
                                     .more = removed->into});
    }
}

static void add_changes(struct text *text, const struct report *report)
{
    const struct report_comparison *comparison = report->comparison;
    for (size_t i = 0; comparison && i < comparison->all.count; i++) {
        const struct report_change *change = &comparison->all.at[i];
        add_line(text, (struct line){.table = "change",
                                     .kind = change->what,
                                     .size = &change->after,
                                     .before = &change->before,
                                     .object = change->object,
                                     .section = change->section,
                                     .symbol = change->symbol});
    }
}

void write_csv(const struct report *report, struct text *text)
{
    text_add(text, "table,kind,offset,load_address,address,size,before,limit,output_section,object,"
                   "section,symbol,source,more\r\n");
    add_rows(text, report);
    add_source_lines(text, report);
    add_budgets(text, report);
    add_removed(text, report);
    add_changes(text, report);
}
