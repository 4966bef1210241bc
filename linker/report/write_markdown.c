/* SPDX-License-Identifier: MIT
 *
 * A report as markdown, for a pull request: budgets and what changed first, the rest folded away.
 */
#include "report/forms.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

enum { LARGEST = 20, CHANGES = 40, REMOVED = 40 };

/* In a cell of a table: what means something to markdown is escaped as HTML. */
static void add_name(struct text *text, const char *name)
{
    size_t size = name ? strcspn(name, "") : 0;
    for (size_t i = 0; i < size && i < 400; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x20 || c == 0x7f)
            text_add(text, "?");
        else if (strchr("|<>&`*_\\[]#~", c))
            text_add(text, "&#%u;", c);
        else
            text_put(text, name + i, 1);
    }
}

static void add_symbol(struct text *text, const char *symbol)
{
    add_name(text, shown_name(text->arena, symbol));
}

static void add_budgets(struct text *text, const struct report *report)
{
    if (!report->budgets.count)
        return;
    text_add(text, "| budget | used | limit | | |\n|---|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < report->budgets.count; i++) {
        const struct report_budget *budget = &report->budgets.at[i];
        bool over = budget->used > budget->limit;
        text_add(text, "| %s ", budget_kind_names[budget->kind]);
        add_name(text, budget_name(text->arena, budget));
        text_add(text, " | %llu | %llu | %s%llu %s%s | ", (number)budget->used,
                 (number)budget->limit, over ? "**" : "",
                 (number)(over ? budget->used - budget->limit : budget->limit - budget->used),
                 over ? "over" : "free", over ? "**" : "");
        add_percent(text, budget->used, budget->limit);
        text_add(text, " |\n");
    }
    text_add(text, "\n");
}

static void add_changes(struct text *text, const struct report *report)
{
    const struct report_comparison *comparison = report->comparison;
    if (!comparison)
        return;
    text_add(text, "**");
    add_difference(text, comparison->used, report->used);
    text_add(text, " bytes** since ");
    add_name(text, comparison->baseline);
    text_add(text, " (%llu → %llu)\n\n", (number)comparison->used, (number)report->used);
    if (!comparison->all.count)
        return;
    text_add(text, "| change | before | after | symbol | object | |\n"
                   "|--:|--:|--:|---|---|---|\n");
    for (size_t i = 0; i < comparison->all.count && i < CHANGES; i++) {
        const struct report_change *change = &comparison->all.at[i];
        text_add(text, "| ");
        add_difference(text, change->before, change->after);
        text_add(text, " | %llu | %llu | ", (number)change->before, (number)change->after);
        add_symbol(text, change->symbol ? change->symbol : change->section);
        text_add(text, " | ");
        add_name(text, change->object);
        text_add(text, " | %s%s |\n", change->what, change->in_file ? "" : ", memory");
    }
    if (comparison->all.count > CHANGES)
        text_add(text, "\n%llu more changes\n", (number)(comparison->all.count - CHANGES));
    text_add(text, "\n");
}

static void add_outcome(struct text *text, const struct report_advice *advice)
{
    if (!advice->has_steps)
        return;
    if (!advice->steps.count && advice->program)
        return;
    if (advice->would_fit)
        text_add(text, "- and it would fit\n");
    else if (advice->steps.count)
        text_add(text, "- and it would still be %llu over\n", (number)advice->still_over);
    else
        text_add(text, "- " NO_STEPS "\n");
}

static void add_program(struct text *text, const struct report_advice *advice)
{
    const char *words[PROGRAM_WORDS];
    size_t count = advice->program ? program_words(text->arena, advice->program, words) : 0;
    for (size_t i = 0; i < count; i++) {
        text_add(text, "- ");
        add_name(text, words[i]);
        text_add(text, "\n");
    }
}

static void add_advice(struct text *text, const struct report *report)
{
    for (size_t i = 0; i < report->advice.count; i++) {
        const struct report_advice *advice = &report->advice.at[i];
        const struct report_budget *budget = &report->budgets.at[advice->budget];
        text_add(text, "**" BYTES " over** ", COUNT(budget->used - budget->limit));
        add_name(text, budget_name(text->arena, budget));
        text_add(text, "\n\n");
        for (size_t s = 0; s < advice->steps.count; s++) {
            text_add(text, "- without ");
            add_symbol(text, advice->steps.at[s].symbol);
            text_add(text, ": " BYTES "\n", COUNT(advice->steps.at[s].freed));
        }
        add_outcome(text, advice);
        add_program(text, advice);
        for (size_t f = 0; f < advice->flags.count; f++)
            text_add(text, "- `%s`: %s" BYTES ", %s\n", advice->flags.at[f].flag,
                     advice->flags.at[f].at_least ? "at least " : "",
                     COUNT(advice->flags.at[f].saved), advice->flags.at[f].why);
        if (advice->layout)
            text_add(text, "- `%s`: %s\n", advice->layout, advice->layout_why);
        text_add(text, "- lost to alignment: " BYTES "\n\n", COUNT(advice->padding));
    }
}

static void add_total(struct text *text, const struct report_total *total, uint64_t whole)
{
    text_add(text, "| ");
    add_symbol(text, total->name);
    if (total->detail && !total->line) {
        text_add(text, " (");
        add_name(text, total->detail);
        text_add(text, ")");
    }
    text_add(text, " | %llu | ", (number)total->size);
    add_percent(text, total->size, whole);
    text_add(text, " |\n");
}

static void add_table(struct text *text, const struct report *report, const char *title,
                      enum total_by by)
{
    struct report_totals totals = sum_rows(report, text->arena, by, true);
    struct report_total others = {.name = "others"};
    uint64_t sum = 0;
    text_add(text, "<details><summary>%s</summary>\n\n| %s | bytes | |\n|---|--:|--:|\n", title,
             title);
    for (size_t i = 0; i < totals.count; i++) {
        sum += totals.at[i].size;
        if (totals.at[i].is_special || i < LARGEST)
            add_total(text, &totals.at[i], report->size);
        else
            others.size += totals.at[i].size;
    }
    if (others.size)
        add_total(text, &others, report->size);
    text_add(text, "| **in all** | **%llu** | |\n\n</details>\n", (number)sum);
}

static void add_removed(struct text *text, const struct report *report)
{
    if (!report->removed.count)
        return;
    text_add(text, "<details><summary>not in the image</summary>\n\n"
                   "| bytes | why | symbol | object |\n|--:|---|---|---|\n");
    for (size_t i = 0; i < report->removed.count && i < REMOVED; i++) {
        const struct report_removed *removed = &report->removed.at[i];
        text_add(text, "| %llu | %s | ", (number)removed->size, removed->why);
        add_symbol(text, removed->symbol ? removed->symbol : removed->section);
        text_add(text, " | ");
        add_name(text, removed->object);
        text_add(text, " |\n");
    }
    if (report->removed.count > REMOVED)
        text_add(text, "\n%llu more\n", (number)(report->removed.count - REMOVED));
    text_add(text, "\n</details>\n");
}

void write_markdown(const struct report *report, struct text *text)
{
    text_add(text, "### ");
    add_name(text, report->name);
    text_add(text, ": " BYTES ", %llu used\n\n", COUNT(report->size), (number)report->used);
    add_budgets(text, report);
    add_advice(text, report);
    add_changes(text, report);
    add_table(text, report, "kind", BY_KIND);
    add_table(text, report, "symbol", BY_SYMBOL);
    add_table(text, report, "object", BY_OBJECT);
    add_table(text, report, "section", BY_SECTION);
    if (report->lines.count) {
        add_table(text, report, "source", BY_SOURCE);
        add_table(text, report, "source line", BY_LINE);
    }
    add_removed(text, report);
}
