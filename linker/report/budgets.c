/* SPDX-License-Identifier: MIT
 *
 * The options' budgets: what each name means, and how much of it is used.
 *
 *     510                  the image
 *     sector=500           a region of MEMORY, else an output section, an object, a symbol: the
 *     region:sector=500    first of these that has the name; or what the prefix says
 *     main.o:helper=20     the symbol of one object
 *
 * An object goes by its whole name, by the last part of its path, or by its member's name:
 * build/libc.a(memcpy.o), libc.a(memcpy.o) and memcpy.o are one.
 *
 * Requires rows and regions. Provides report.budgets, those of MEMORY first. */
#include "report/budget_names.h"

#include "support/folder.h"
#include "support/spelling.h"

#include <string.h>

static bool find_named(const struct budget_names *names, enum budget_kind kind, const char *name,
                       struct report_budget *budget)
{
    const struct named_use *use = budget_names_find(names, kind, name);
    if (!use)
        return false;
    budget->kind = (uint8_t)kind;
    budget->name = use->name;
    budget->used = use->used;
    budget->in_image = use->in_image;
    return true;
}

/* OBJECT:SYMBOL. */
static bool find_in_object(const struct budget_names *names, const char *name,
                           struct report_budget *budget)
{
    const char *colon = strrchr(name, ':');
    return colon &&
           budget_names_find_within(names, name, (size_t)(colon - name), colon + 1, budget);
}

/* `kind` BUDGET_IMAGE: any. */
static bool find_any(const struct budget_names *names, enum budget_kind kind, const char *name,
                     struct report_budget *budget)
{
    bool is_any = kind == BUDGET_IMAGE;
    for (int k = BUDGET_REGION; k <= BUDGET_SYMBOL; k++)
        if ((is_any || (int)kind == k) && find_named(names, (enum budget_kind)k, name, budget))
            return true;
    return (is_any || kind == BUDGET_SYMBOL) && find_in_object(names, name, budget);
}

static enum budget_kind kind_of_prefix(const char **name)
{
    for (int kind = BUDGET_REGION; kind <= BUDGET_SYMBOL; kind++) {
        size_t size = strlen(budget_kind_names[kind]);
        if (strncmp(*name, budget_kind_names[kind], size) != 0 || (*name)[size] != ':')
            continue;
        *name += size + 1;
        return (enum budget_kind)kind;
    }
    return BUDGET_IMAGE;
}

/* ---- what was meant, when nothing has the name ---- */

static void offer_names(const struct report *report, enum budget_kind kind,
                        struct spelling *spelling)
{
    bool is_any = kind == BUDGET_IMAGE;
    for (size_t i = 0; i < report->budgets.count; i++)
        if ((is_any || kind == BUDGET_REGION) && report->budgets.at[i].kind == BUDGET_REGION)
            spelling_offer(spelling, report->budgets.at[i].name);
    for (size_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        if ((is_any || kind == BUDGET_SECTION) && row->output)
            spelling_offer(spelling, row->output);
        if ((is_any || kind == BUDGET_OBJECT) && row->object)
            spelling_offer(spelling, path_last_part(row->object));
        if ((is_any || kind == BUDGET_SYMBOL) && row->symbol)
            spelling_offer(spelling, row->symbol);
    }
}

static void complain(struct link *link, enum budget_kind kind, const char *name, const char *given)
{
    static const char hint[] =
        "a budget is for the image, or for a region, an output section, an object or a symbol "
        "that is in it";
    struct spelling spelling = spelling_of(name, strlen(name));
    if (host_shows_errors(link->host))
        offer_names(link->report, kind, &spelling);
    diagnose(link->host, WELT_ERROR, "budget", (struct place){.file = link->report->name},
             spelling.nearest
                 ? arena_format(&link->arena, "did you mean `%.200s'?", spelling.nearest)
                 : hint,
             "nothing in the image is named `%.200s': its budget cannot be held", given);
}

static void measure_image(const struct report *report, struct report_budget *budget)
{
    for (size_t i = 0; i < report->rows.count; i++) {
        if (!budget_counts(budget, &report->rows.at[i]))
            continue;
        budget->used += report->rows.at[i].size;
        budget->in_image |= report->rows.at[i].in_file;
    }
}

static void add_given(struct link *link, const struct budget_names *names, const welt_budget *given,
                      bool may_complain)
{
    struct report *report = link->report;
    struct report_budget budget = {
        .kind = BUDGET_IMAGE, .name = report->name, .limit = given->limit, .is_given = true};
    const char *name = given->name;
    enum budget_kind kind = name ? kind_of_prefix(&name) : BUDGET_IMAGE;
    bool is_found = !name || find_any(names, kind, name, &budget);
    if (!name)
        measure_image(report, &budget);
    if (is_found)
        *list_add(&report->arena, &report->budgets) = budget;
    else if (may_complain)
        complain(link, kind, name, given->name);
}

void measure_budgets(struct link *link)
{
    const welt_options *given = &link->set->given;
    struct budget_names names;
    /* What a failed link has no rows for may be there in the next one. */
    bool is_fine = link->host->errors == 0;
    if (!given->budget_count)
        return;
    budget_names_open(&names, link->report, &link->report->arena);
    for (size_t i = 0; i < given->budget_count; i++)
        add_given(link, &names, &given->budgets[i], is_fine);
}
