/* SPDX-License-Identifier: MIT
 *
 * Budgets, growth and slack: what the options and the layout's regions allow, held against what is
 * there.
 *
 * Requires: the address map; link.report, when judge_sizes() found something to say. Provides: an
 * error (or a warning, by the options) for each budget that is over, with the excess and where the
 * bytes went, and notes: what grew since the baseline, without which symbols it would fit, which
 * options of the compiler would save how much. */
#include "check/checks.h"
#include "report/model.h"

#include "ask.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_SHOWN = 3, GROWN_SHOWN = 5, FLAGS_SHOWN = 6 };

typedef unsigned long long number; /* as printf() takes it */

static welt_severity severity_of(const struct link *link, bool is_given)
{
    bool warns = is_given && link->set->given.budget_action == WELT_BUDGET_WARN;
    return warns ? WELT_WARNING : WELT_ERROR;
}

static struct place image_place(const struct link *link)
{
    return (struct place){.file = link->report->name};
}

/* "image", or "region `sector'". */
static const char *title_of(struct link *link, const struct report_budget *budget)
{
    if (budget->kind == BUDGET_IMAGE)
        return "image";
    return arena_format(&link->arena, "%s `%s'", budget_kind_names[budget->kind],
                        budget_name(&link->arena, budget));
}

/* ---- where the bytes are ---- */

static bool uses_runtime(const struct link *link, const struct report_budget *budget)
{
    for (size_t i = 0; i < link->report->rows.count; i++)
        if (row_is_runtime(link, &link->report->rows.at[i]) &&
            budget_counts(budget, &link->report->rows.at[i]))
            return true;
    return false;
}

/* What the budget counts of objects; with symbols asked for, those of the runtime library are not
 * for its user to mend, unless the budget is its object's. */
static struct report part_of(struct link *link, const struct report_budget *budget,
                             enum total_by by)
{
    const struct report *report = link->report;
    struct report part = {.name = report->name, .size = report->size};
    bool is_mended = by == BY_SYMBOL && budget->kind != BUDGET_OBJECT;
    for (size_t i = 0; i < report->rows.count; i++) {
        struct report_row row = report->rows.at[i];
        bool is_there = row.atom != NONE || row.object;
        if (!is_there || !budget_counts(budget, &row) || (is_mended && row_is_runtime(link, &row)))
            continue;
        row.in_file = true;
        *list_add(&link->arena, &part.rows) = row;
    }
    return part;
}

/* The largest of them, by object or by symbol; "": there are none. */
static const char *largest(struct link *link, const struct report_budget *budget, enum total_by by)
{
    struct report part = part_of(link, budget, by);
    struct report_totals totals = sum_rows(&part, &link->arena, by, true);
    const char *text = "";
    for (size_t i = 0; i < totals.count && i < LARGEST_SHOWN; i++) {
        const struct report_total *total = &totals.at[i];
        text = arena_format(&link->arena, "%s%s%s %llu", text, i ? ", " : "", total->name,
                            (number)total->size);
        if (total->detail)
            text = arena_format(&link->arena, "%s (%s)", text, total->detail);
    }
    return text;
}

/* One behind the other. */
static const char *join(struct link *link, const char *before, const char *what, const char *text)
{
    if (!*text)
        return before;
    return arena_format(&link->arena, "%s%s%s%s", before, *before ? "; " : "", what, text);
}

/* Where the bytes of a budget that is over are: of a symbol there is nothing to tell, of an object
 * its symbols. */
static const char *where_they_are(struct link *link, const struct report_budget *budget)
{
    uint64_t padding = budget_padding(link->report, budget);
    bool is_object = budget->kind == BUDGET_OBJECT;
    const char *text = "";
    if (budget->kind == BUDGET_SYMBOL)
        return NULL;
    text = join(link, text,
                !is_object && uses_runtime(link, budget) ? "largest symbols beside the runtime's: "
                                                         : "largest symbols: ",
                largest(link, budget, BY_SYMBOL));
    if (!is_object)
        text = join(link, text, "largest objects: ", largest(link, budget, BY_OBJECT));
    if (padding)
        text = join(link, text,
                    "lost to alignment: ", arena_format(&link->arena, BYTES, COUNT(padding)));
    return *text ? text : NULL;
}

/* ---- notes ---- */

static const char *list_steps(struct link *link, const struct report_advice *advice)
{
    const char *text = "";
    for (size_t i = 0; i < advice->steps.count; i++) {
        const struct report_step *step = &advice->steps.at[i];
        const char *more = "";
        if (!step->size)
            more = " that only it needs";
        else if (step->freed != step->size)
            more = arena_format(&link->arena, " with what only it needs: %llu itself",
                                (number)step->size);
        text = arena_format(&link->arena, "%s%s`%s' (" BYTES "%s)", text, i ? ", " : "",
                            step->symbol, COUNT(step->freed), more);
    }
    return text;
}

static void tell_steps(struct link *link, const struct report_advice *advice)
{
    const char *text = list_steps(link, advice);
    if (!advice->has_steps || (!*text && advice->program))
        return;
    if (advice->would_fit)
        diagnose(link->host, WELT_NOTE, "budget", image_place(link), NULL,
                 "it would fit without %s", text);
    else if (*text)
        diagnose(link->host, WELT_NOTE, "budget", image_place(link), NULL,
                 "it would still be %llu over without %s", (number)advice->still_over, text);
    else
        diagnose(link->host, WELT_NOTE, "budget", image_place(link), NULL, NO_STEPS);
}

static void tell_program(struct link *link, const struct report_advice *advice)
{
    const char *words[PROGRAM_WORDS];
    size_t count = advice->program ? program_words(&link->arena, advice->program, words) : 0;
    for (size_t i = 0; i < count; i++)
        diagnose(link->host, WELT_NOTE, "budget", image_place(link), NULL, "%s", words[i]);
}

static void tell_flags(struct link *link, const struct report_advice *advice)
{
    for (size_t i = 0; i < advice->flags.count && i < FLAGS_SHOWN; i++) {
        const struct report_flag *flag = &advice->flags.at[i];
        diagnose(link->host, WELT_NOTE, "budget", image_place(link), NULL,
                 "%s: %s" BYTES ", %s%s%s", flag->flag, flag->at_least ? "at least " : "",
                 COUNT(flag->saved), flag->why, flag->where ? ", in " : "",
                 flag->where ? flag->where : "");
    }
}

static void tell_growth(struct link *link, const char *id)
{
    const struct report_comparison *comparison = link->report->comparison;
    const char *text = "";
    unsigned shown = 0;
    for (size_t i = 0; comparison && i < comparison->all.count && shown < GROWN_SHOWN; i++) {
        const struct report_change *change = &comparison->all.at[i];
        if (!change->in_file || change->after <= change->before)
            continue;
        text = arena_format(&link->arena, "%s%s%s +%llu", text, shown++ ? ", " : "",
                            change->symbol ? change->symbol : change->section,
                            (number)(change->after - change->before));
    }
    if (shown)
        diagnose(link->host, WELT_NOTE, id, image_place(link), NULL, "grown since %s: %s",
                 comparison->baseline, text);
}

static void tell_layout(struct link *link, const struct report_advice *advice)
{
    if (advice->layout)
        diagnose(link->host, WELT_NOTE, "budget", image_place(link), NULL, "%s: %s", advice->layout,
                 advice->layout_why);
}

static void tell_advice(struct link *link, uint32_t budget)
{
    const struct report *report = link->report;
    for (size_t i = 0; i < report->advice.count; i++) {
        if (report->advice.at[i].budget != budget)
            continue;
        tell_growth(link, "budget");
        tell_steps(link, &report->advice.at[i]);
        tell_program(link, &report->advice.at[i]);
        tell_flags(link, &report->advice.at[i]);
        tell_layout(link, &report->advice.at[i]);
    }
}

/* ---- budgets ---- */

/* Where the user's own script says how long the region is; NULL: the budget is from elsewhere. */
static const struct script_place *entry_in_script(const struct link *link,
                                                  const struct report_budget *budget)
{
    for (size_t i = 0; is_script_given(link) && !budget->is_given && i < link->regions.count; i++)
        if (budget->kind == BUDGET_REGION && strcmp(link->regions.at[i].name, budget->name) == 0)
            return &link->regions.at[i].place;
    return NULL;
}

/* What is largest is looked for in all rows, the place in all regions: not for errors that are
 * counted only. */
static bool is_seen(const struct host *host, welt_severity severity)
{
    return severity != WELT_ERROR || host_shows_errors(host);
}

static void complain(struct link *link, uint32_t index)
{
    const struct report_budget *budget = &link->report->budgets.at[index];
    welt_severity severity = severity_of(link, budget->is_given);
    bool is_shown = is_seen(link->host, severity);
    const struct script_place *entry = is_shown ? entry_in_script(link, budget) : NULL;
    const char *hint = is_shown ? where_they_are(link, budget) : NULL;
    const char *message = arena_format(
        &link->arena, "%s needs " BYTES ", budget is %llu: %llu over", title_of(link, budget),
        COUNT(budget->used), (number)budget->limit, (number)(budget->used - budget->limit));
    if (entry)
        script_diagnose_with(link->host, severity, "budget", entry, hint, message);
    else
        diagnose(link->host, severity, "budget", image_place(link), hint, "%s", message);
    tell_advice(link, index);
}

static void mark_regions(struct link *link)
{
    for (size_t i = 0; i < link->regions.count; i++) {
        struct region *region = &link->regions.at[i];
        region->over = region->end - region->origin > region->length;
    }
}

/* ---- amounts: "64", "2%", "1.5%" ---- */

/* In millionths of a percent; false: it is no number. */
static bool read_amount(const char *text, uint64_t *value, bool *is_percent)
{
    char *end;
    bool is_number = *text >= '0' && *text <= '9';
    uint64_t whole = strtoull(text, &end, 10), part = 0, unit = 1000000;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9'; end++) {
            unit /= 10;
            part += (uint64_t)(*end - '0') * unit;
        }
    *is_percent = *end == '%';
    bool has_part = unit != 1000000;
    *value = *is_percent ? whole * 1000000 + part : whole;
    return is_number && whole < UINT64_MAX / 1000000 && !end[*is_percent] &&
           (*is_percent || !has_part);
}

/* So many bytes, or that part of `whole`, rounded down. */
static bool amount_of(struct link *link, const char *option, const char *text, uint64_t whole,
                      uint64_t *bytes)
{
    uint64_t value;
    bool is_percent;
    if (!read_amount(text, &value, &is_percent)) {
        diagnose(link->host, WELT_ERROR, "option", (struct place){0}, NULL,
                 "`%.100s' of %s is no amount: 64 or 2%%", text, option);
        return false;
    }
    *bytes = value;
    if (is_percent && (whole > UINT32_MAX || value > UINT32_MAX))
        *bytes = whole / 100000000 * value;
    else if (is_percent)
        *bytes = whole * value / 100000000;
    return true;
}

/* ---- growth and slack ---- */

static void check_growth(struct link *link)
{
    const struct report *report = link->report;
    const char *given = link->set->given.max_growth;
    uint64_t most;
    if (!report->comparison && link->set->given.baseline_path)
        return; /* it could not be read, which was told */
    if (!report->comparison) {
        diagnose(link->host, WELT_ERROR, "option", (struct place){0},
                 "--baseline=OLD.json names it: a report that was saved by --report=json:OLD.json",
                 "--max-growth needs a baseline to grow from");
        return;
    }
    uint64_t before = report->comparison->used;
    if (!amount_of(link, "--max-growth", given, before, &most))
        return;
    if (report->used <= before || report->used - before <= most)
        return;
    diagnose(link->host, severity_of(link, true), "growth", image_place(link),
             "save a new baseline when the growth is meant",
             BYTES " %s used, %llu in `%s': grown by %llu, %llu allowed", COUNT(report->used),
             report->used == 1 ? "is" : "are", (number)before, report->comparison->baseline,
             (number)(report->used - before), (number)most);
    tell_growth(link, "growth");
}

static void check_slack(struct link *link, const struct report_budget *budget)
{
    uint64_t most;
    if (!budget->is_given || budget->used > budget->limit)
        return;
    if (!amount_of(link, "--max-slack", link->set->given.max_slack, budget->limit, &most))
        return;
    uint64_t slack = budget->limit - budget->used;
    if (slack > most)
        diagnose(link->host, severity_of(link, true), "slack", image_place(link),
                 arena_format(&link->arena, "lower the budget to %llu, and it will notice growth",
                              (number)budget->used),
                 "%s needs " BYTES ", budget is %llu: %llu of slack, %llu allowed",
                 title_of(link, budget), COUNT(budget->used), (number)budget->limit, (number)slack,
                 (number)most);
}

static void check_slack_is_of_something(struct link *link)
{
    const struct report *report = link->report;
    bool any = link->set->given.budget_count != 0;
    for (size_t i = 0; i < report->budgets.count; i++)
        any |= report->budgets.at[i].is_given;
    if (!any)
        diagnose(link->host, WELT_ERROR, "option", (struct place){0},
                 "--budget=BYTES is the image's; those of MEMORY may have as much as they like",
                 "--max-slack needs a --budget to leave it");
}

void check_budgets(struct link *link)
{
    const welt_options *given = &link->set->given;
    mark_regions(link);
    if (!link->report)
        return;
    for (uint32_t i = 0; i < link->report->budgets.count; i++) {
        if (link->report->budgets.at[i].used > link->report->budgets.at[i].limit)
            complain(link, i);
        else if (given->max_slack)
            check_slack(link, &link->report->budgets.at[i]);
    }
    if (given->max_slack)
        check_slack_is_of_something(link);
    if (given->max_growth)
        check_growth(link);
}
