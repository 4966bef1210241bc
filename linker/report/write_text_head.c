/* SPDX-License-Identifier: MIT
 *
 * What a report as text begins with: the margin, the budgets, and what would help where one of them
 * is over. */
#include "report/text_form.h"

typedef unsigned long long number; /* as printf() takes it */

enum { BAR = 32 };

void text_heading(struct text *text, const char *heading)
{
    text_end_line(text);
    text_add(text, "%s", heading);
    text_end_line(text);
}

void text_bar(struct text *text, uint64_t part, uint64_t whole, unsigned width)
{
    char bar[64];
    uint64_t unit = whole / width + (whole % width != 0);
    for (unsigned i = 0; i < width; i++)
        bar[i] = unit && i * unit < part ? '#' : '.';
    if (part < whole)
        bar[width - 1] = '.';
    if (part > whole)
        bar[width - 1] = '!';
    text_add(text, "[%.*s]", (int)width, bar);
}

/* ---- budgets ---- */

/* What is looked at first: a budget that is over, then the image's, then the only region of the
 * file. */
static const struct report_budget *find_first(const struct report *report)
{
    const struct report_budget *given = NULL, *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < report->budgets.count; i++) {
        const struct report_budget *budget = &report->budgets.at[i];
        if (budget->used > budget->limit)
            return budget;
        if (budget->kind == BUDGET_IMAGE && !given)
            given = budget;
        if (budget->kind == BUDGET_REGION && budget->in_image && count++ == 0)
            only = budget;
    }
    return given ? given : count == 1 ? only : NULL;
}

static bool is_only_region(const struct report *report, const struct report_budget *budget)
{
    size_t count = 0;
    for (size_t i = 0; i < report->budgets.count; i++)
        count += report->budgets.at[i].kind == BUDGET_REGION && report->budgets.at[i].in_image;
    return budget->kind == BUDGET_REGION && budget->in_image && count == 1;
}

static uint64_t free_of(const struct report *report)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < report->file_rows; i++)
        if (report->rows.at[i].kind == WELT_SPAN_FREE)
            sum += report->rows.at[i].size;
    return sum;
}

/* The margin of what is not the image is said with its name. */
static void add_title(struct text *text, const struct report *report)
{
    const struct report_budget *first = find_first(report);
    uint64_t room = free_of(report);
    bool has_regions = report->budgets.count && report->budgets.at[0].kind == BUDGET_REGION;
    text_add(text, NAME ": ", report->name);
    if (first && first->kind != BUDGET_IMAGE && !is_only_region(report, first))
        text_add(text, "%s `" NAME "': ", budget_kind_names[first->kind],
                 budget_name(text->arena, first));
    if (first)
        add_margin(text, first->used, first->limit);
    else if (room && !has_regions)
        add_margin(text, report->size - room, report->size);
    else
        text_add(text, BYTES, COUNT(report->size));
    text_end_line(text);
}

static void add_budget(struct text *text, const struct report_budget *budget)
{
    bool over = budget->used > budget->limit;
    text_column(text, INDENT);
    text_add(text, "%-8s %-16.40s ", budget_kind_names[budget->kind],
             budget_name(text->arena, budget));
    text_bar(text, budget->used, budget->limit, BAR);
    text_add(text, "%9llu %9llu %9llu %s  ", (number)budget->used, (number)budget->limit,
             (number)(over ? budget->used - budget->limit : budget->limit - budget->used),
             over ? "OVER" : "free");
    add_percent(text, budget->used, budget->limit);
    text_end_line(text);
}

static void add_budgets(struct text *text, const struct report *report)
{
    if (!report->budgets.count)
        return;
    text_heading(text, "Budgets                                                           "
                       "used     limit");
    for (size_t i = 0; i < report->budgets.count; i++)
        add_budget(text, &report->budgets.at[i]);
}

/* ---- advice ---- */

static void add_steps(struct text *text, const struct report_advice *advice)
{
    for (size_t i = 0; i < advice->steps.count; i++) {
        const struct report_step *step = &advice->steps.at[i];
        text_column(text, INDENT);
        text_add(text, "%8llu  %s " NAME, (number)step->freed, i ? "and" : "without",
                 shown_name(text->arena, step->symbol));
        if (step->object)
            text_add(text, "  " NAME, step->object);
        if (!step->size)
            text_add(text, "  (which only it needs)");
        else if (step->freed != step->size)
            text_add(text, "  (%llu itself, the rest only it needs)", (number)step->size);
        text_end_line(text);
    }
    if (!advice->steps.count && advice->program)
        return;
    if (advice->would_fit)
        text_add(text, "            and it would fit");
    else if (advice->steps.count)
        text_add(text, "            and it would still be %llu over", (number)advice->still_over);
    else
        text_add(text, "            " NO_STEPS);
    text_end_line(text);
}

static void add_program(struct text *text, const struct report_advice *advice)
{
    const char *words[PROGRAM_WORDS];
    size_t count = advice->program ? program_words(text->arena, advice->program, words) : 0;
    for (size_t i = 0; i < count; i++) {
        text_add(text, "            %s", words[i]);
        text_end_line(text);
    }
}

static void add_flags(struct text *text, const struct report_advice *advice)
{
    for (size_t i = 0; i < advice->flags.count; i++) {
        const struct report_flag *flag = &advice->flags.at[i];
        text_column(text, INDENT);
        text_add(text, "%8llu  %s%s: %s", (number)flag->saved,
                 flag->at_least ? "at least, by " : "", flag->flag, flag->why);
        if (flag->where)
            text_add(text, ", in " NAME, flag->where);
        text_end_line(text);
    }
    if (!advice->padding)
        return;
    text_add(text, "  %8llu  %s lost to alignment", (number)advice->padding,
             advice->padding == 1 ? "is" : "are");
    text_end_line(text);
}

static void add_layout(struct text *text, const struct report_advice *advice)
{
    if (!advice->layout)
        return;
    text_add(text, "            %s: %s", advice->layout, advice->layout_why);
    text_end_line(text);
}

static void add_advice(struct text *text, const struct report *report)
{
    for (size_t i = 0; i < report->advice.count; i++) {
        const struct report_advice *advice = &report->advice.at[i];
        const struct report_budget *budget = &report->budgets.at[advice->budget];
        if (!advice->has_steps && !advice->flags.count && !advice->padding)
            continue;
        text_end_line(text);
        text_add(text, BYTES " over: what would help " NAME, COUNT(budget->used - budget->limit),
                 budget_name(text->arena, budget));
        text_end_line(text);
        if (advice->has_steps)
            add_steps(text, advice);
        add_program(text, advice);
        add_flags(text, advice);
        add_layout(text, advice);
    }
}

void write_text_head(const struct report *report, struct text *text)
{
    add_title(text, report);
    add_budgets(text, report);
    add_advice(text, report);
}
