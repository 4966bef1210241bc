/* SPDX-License-Identifier: MIT
 *
 * A program that its compiler has put into one function: without that it would fit, and be none.
 *
 *     main 627 bytes, of which print() three times, hex() twice and next() once
 *
 * What helps is to know which lines became most of it, which data is largest, and that it was
 * compiled for speed. That shows in the alignment of its section: GCC and clang align functions
 * from -O2 on (clang from -O0 on), and do not with -Os. */
#include "report/advise.h"
#include "report/survey.h"

#include "ask.h"

#include <string.h>

enum { MOST_PARTS = 4 };

static void add_parts(struct report *report, const struct report *some, enum total_by by,
                      bool in_file, struct report_part **at, size_t *count)
{
    struct report_totals totals = sum_rows(some, &report->arena, by, in_file);
    *at = NEW_ARRAY(&report->arena, struct report_part, MOST_PARTS);
    for (size_t i = 0; i < totals.count && *count < MOST_PARTS; i++)
        if (by != BY_LINE || totals.at[i].line)
            (*at)[(*count)++] = (struct report_part){totals.at[i].name, totals.at[i].size};
}

static bool has_debug_lines(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++)
        if (strcmp(object->sections[s].name, ".debug_line") == 0)
            return true;
    return false;
}

static void find_lines(struct link *link, uint32_t row, struct report_program *program)
{
    struct report *report = link->report;
    find_source_lines(link);
    struct report_row its = report->rows.at[row];
    struct report alone = {.rows = {.at = &its, .count = 1}, .lines = report->lines};
    program->wants_lines = is_compiled(&its) && !has_debug_lines(atom_object(link, its.atom));
    if (its.line_count)
        add_parts(report, &alone, BY_LINE, its.in_file, &program->lines.at, &program->lines.count);
}

static bool is_its_data(const struct link *link, const struct report_budget *budget,
                        const struct report_row *row)
{
    return row->kind == WELT_SPAN_DATA && row->atom != NONE && budget_counts(budget, row) &&
           !row_is_runtime(link, row);
}

static void find_data(struct link *link, const struct report_budget *budget,
                      struct report_program *program)
{
    struct report *report = link->report;
    struct report some = {.name = report->name};
    for (size_t i = 0; i < report->rows.count; i++) {
        struct report_row row = report->rows.at[i];
        if (!is_its_data(link, budget, &row))
            continue;
        row.in_file = true;
        *list_add(&report->arena, &some.rows) = row;
    }
    add_parts(report, &some, BY_SYMBOL, true, &program->data.at, &program->data.count);
}

static void find_options(const struct link *link, const struct report_row *row,
                         struct report_program *program)
{
    enum compiler compiler = object_compiler(atom_object(link, row->atom));
    bool is_for_speed = is_compiled(row) && atom_of(link, row->atom)->align > 1 &&
                        !begins_with_frame(row_bytes(link, row), row->size);
    if (!is_for_speed || (compiler != COMPILER_GCC && compiler != COMPILER_CLANG))
        return;
    program->flags = compiler == COMPILER_GCC
                         ? "-Os, or -fno-inline-functions -fno-inline-small-functions"
                         : "-Oz, or -Os -fno-inline-functions";
    program->why = "it was compiled for speed, as the alignment of its section shows";
}

void describe_program(const struct graph *graph, uint32_t row, struct report_advice *advice)
{
    struct link *link = graph->link;
    struct report *report = graph->report;
    const struct report_budget *budget = &report->budgets.at[advice->budget];
    const struct report_row *its = &report->rows.at[row];
    struct report_program *program = NEW(&report->arena, struct report_program);
    *program =
        (struct report_program){.symbol = row_name(its), .object = its->object, .size = its->size};
    find_lines(link, row, program);
    find_data(link, budget, program);
    find_options(link, its, program);
    advice->program = program;
}
