/* SPDX-License-Identifier: MIT
 *
 * A report as JSON, schema welt-report/1. Numbers are raw integers, in bytes; what does not apply
 * is left out. The same link gives the same bytes. docs/report.md says what each name means; read.c
 * reads it back. */
#include "report/forms.h"

#include "support/json.h"

#include <string.h>

static void put_optional(struct json *json, const char *name, const char *text)
{
    if (text && text[0])
        json_text(json, name, text);
}

static void put_lines(struct json *json, const struct report *report, const struct report_row *row)
{
    if (!row->line_count)
        return;
    json_begin_array(json, "lines");
    for (uint32_t i = 0; i < row->line_count; i++) {
        const struct report_line *line = &report->lines.at[row->first_line + i];
        json_begin_line(json, NULL);
        if (strcmp(line->source, row->source) != 0)
            json_text(json, "source", line->source);
        if (line->line)
            json_number(json, "line", line->line);
        json_number(json, "size", line->size);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_row(struct json *json, const struct report *report, const struct report_row *row)
{
    json_begin_line(json, NULL);
    json_text(json, "kind", row_kind_names[row->kind]);
    if (row->in_file)
        json_number(json, "offset", row->offset);
    json_number(json, "load_address", row->load_address);
    json_number(json, "address", row->address);
    json_number(json, "size", row->size);
    put_optional(json, "region", row->region);
    put_optional(json, "load_region", row->load_region);
    put_optional(json, "output_section", row->output);
    put_optional(json, "object", row->object);
    put_optional(json, "section", row->section);
    json_text(json, "symbol", row->symbol);
    json_text(json, "text", row->text);
    put_optional(json, "source", row->source);
    if (row->line)
        json_number(json, "line", row->line);
    put_lines(json, report, row);
    if (row->keeper != NONE)
        json_number(json, "kept_by", row->keeper);
    if (row->by_section)
        json_flag(json, "by_section", true);
    json_text(json, "root", row->root);
    json_end_line(json);
}

static void put_rows(struct json *json, const struct report *report)
{
    json_begin_array(json, "rows");
    for (size_t i = 0; i < report->file_rows; i++)
        put_row(json, report, &report->rows.at[i]);
    json_end_array(json);
    json_begin_array(json, "memory");
    for (size_t i = report->file_rows; i < report->rows.count; i++)
        put_row(json, report, &report->rows.at[i]);
    json_end_array(json);
}

static void put_image(struct json *json, const struct report *report)
{
    json_begin_line(json, "image");
    json_text(json, "name", report->name);
    json_number(json, "size", report->size);
    json_number(json, "used", report->used);
    json_number(json, "load_address", report->load_address);
    json_flag(json, "linked", report->linked);
    json_flag(json, "gc", report->has_gc);
    json_end_line(json);
}

static void put_budgets(struct json *json, const struct report *report)
{
    json_begin_array(json, "budgets");
    for (size_t i = 0; i < report->budgets.count; i++) {
        const struct report_budget *budget = &report->budgets.at[i];
        bool over = budget->used > budget->limit;
        json_begin_line(json, NULL);
        json_text(json, "kind", budget_kind_names[budget->kind]);
        json_text(json, "name", budget->name);
        put_optional(json, "object", budget->object);
        json_number(json, "limit", budget->limit);
        json_number(json, "used", budget->used);
        json_number(json, "free", over ? 0 : budget->limit - budget->used);
        json_number(json, "over", over ? budget->used - budget->limit : 0);
        json_flag(json, "in_image", budget->in_image);
        json_flag(json, "given", budget->is_given);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_totals(struct json *json, const struct report *report, struct arena *arena,
                       const char *name, enum total_by by)
{
    struct report_totals totals = sum_rows(report, arena, by, true);
    json_begin_array(json, name);
    for (size_t i = 0; i < totals.count; i++) {
        json_begin_line(json, NULL);
        json_text(json, "name", totals.at[i].name);
        if (totals.at[i].line) {
            json_text(json, "source", totals.at[i].detail);
            json_number(json, "line", totals.at[i].line);
        }
        json_number(json, "size", totals.at[i].size);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_sectors(struct json *json, const struct report *report, struct arena *arena)
{
    size_t count;
    const uint64_t *used = sum_sectors(report, arena, &count);
    json_begin_array(json, "sectors");
    for (size_t i = 0; i < count; i++)
        json_number(json, NULL, used[i]);
    json_end_array(json);
}

static void put_removed(struct json *json, const struct report *report)
{
    json_begin_array(json, "removed");
    for (size_t i = 0; i < report->removed.count; i++) {
        const struct report_removed *removed = &report->removed.at[i];
        json_begin_line(json, NULL);
        json_text(json, "why", removed->why);
        json_number(json, "size", removed->size);
        put_optional(json, "object", removed->object);
        put_optional(json, "section", removed->section);
        put_optional(json, "symbol", removed->symbol);
        put_optional(json, "into", removed->into);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_steps(struct json *json, const struct report_advice *advice)
{
    json_begin_array(json, "without");
    for (size_t i = 0; i < advice->steps.count; i++) {
        const struct report_step *step = &advice->steps.at[i];
        json_begin_line(json, NULL);
        json_text(json, "symbol", step->symbol);
        put_optional(json, "object", step->object);
        json_number(json, "size", step->size);
        json_number(json, "frees", step->freed);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_parts(struct json *json, const char *title, const struct report_part *parts,
                      size_t count)
{
    if (!count)
        return;
    json_begin_array(json, title);
    for (size_t i = 0; i < count; i++) {
        json_begin_line(json, NULL);
        json_text(json, "name", parts[i].name);
        json_number(json, "size", parts[i].size);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_program(struct json *json, const struct report_program *program)
{
    if (!program)
        return;
    json_begin_object(json, "program");
    json_text(json, "symbol", program->symbol);
    put_optional(json, "object", program->object);
    json_number(json, "size", program->size);
    put_parts(json, "lines", program->lines.at, program->lines.count);
    if (program->wants_lines)
        json_flag(json, "wants_lines", true);
    put_parts(json, "data", program->data.at, program->data.count);
    json_text(json, "flags", program->flags);
    json_text(json, "why", program->why);
    json_end_object(json);
}

static void put_flags(struct json *json, const struct report_advice *advice)
{
    json_begin_array(json, "flags");
    for (size_t i = 0; i < advice->flags.count; i++) {
        const struct report_flag *flag = &advice->flags.at[i];
        json_begin_line(json, NULL);
        json_text(json, "flag", flag->flag);
        json_number(json, "saves", flag->saved);
        if (flag->at_least)
            json_flag(json, "at_least", true);
        json_text(json, "why", flag->why);
        put_optional(json, "where", flag->where);
        json_end_line(json);
    }
    json_end_array(json);
}

static void put_advice(struct json *json, const struct report *report)
{
    json_begin_array(json, "advice");
    for (size_t i = 0; i < report->advice.count; i++) {
        const struct report_advice *advice = &report->advice.at[i];
        json_begin_object(json, NULL);
        json_number(json, "budget", advice->budget);
        json_number(json, "padding", advice->padding);
        if (advice->has_steps)
            json_flag(json, "would_fit", advice->would_fit);
        if (advice->has_steps && !advice->would_fit)
            json_number(json, "still_over", advice->still_over);
        put_steps(json, advice);
        put_program(json, advice->program);
        put_flags(json, advice);
        if (advice->layout) {
            json_text(json, "layout", advice->layout);
            json_text(json, "layout_why", advice->layout_why);
        }
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_change(struct json *json, const struct report_change *change)
{
    json_begin_line(json, NULL);
    json_text(json, "what", change->what);
    json_signed(json, "change", (int64_t)(change->after - change->before));
    json_number(json, "before", change->before);
    json_number(json, "after", change->after);
    json_text(json, "kind", change->kind);
    put_optional(json, "symbol", change->symbol);
    put_optional(json, "object", change->object);
    put_optional(json, "section", change->section);
    json_flag(json, "in_file", change->in_file);
    json_end_line(json);
}

static void put_comparison(struct json *json, const struct report *report)
{
    const struct report_comparison *comparison = report->comparison;
    if (!comparison)
        return;
    json_begin_object(json, "comparison");
    json_text(json, "baseline", comparison->baseline);
    json_text(json, "name", comparison->name);
    json_number(json, "size", comparison->size);
    json_number(json, "used", comparison->used);
    json_signed(json, "size_change", (int64_t)(report->size - comparison->size));
    json_signed(json, "used_change", (int64_t)(report->used - comparison->used));
    json_begin_array(json, "changes");
    for (size_t i = 0; i < comparison->all.count; i++)
        put_change(json, &comparison->all.at[i]);
    json_end_array(json);
    json_end_object(json);
}

void write_json_report(const struct report *report, struct text *text, bool in_html)
{
    struct json json = {.sink = text_take, .to = text, .in_html = in_html};
    json_begin_object(&json, NULL);
    json_text(&json, "schema", REPORT_SCHEMA);
    json_text(&json, "welt", WELT_VERSION);
    put_image(&json, report);
    put_budgets(&json, report);
    put_rows(&json, report);
    json_begin_object(&json, "totals");
    put_totals(&json, report, text->arena, "kinds", BY_KIND);
    put_totals(&json, report, text->arena, "sections", BY_SECTION);
    put_totals(&json, report, text->arena, "objects", BY_OBJECT);
    put_totals(&json, report, text->arena, "sources", BY_SOURCE);
    if (report->lines.count)
        put_totals(&json, report, text->arena, "lines", BY_LINE);
    put_sectors(&json, report, text->arena);
    json_end_object(&json);
    put_removed(&json, report);
    put_advice(&json, report);
    put_comparison(&json, report);
    json_end_object(&json);
}

void write_json(const struct report *report, struct text *text)
{
    write_json_report(report, text, false);
}
