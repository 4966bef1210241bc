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
#include "report/model.h"

#include "support/folder.h"
#include "support/spelling.h"

#include <string.h>

/* Whether `path` ends in so many bytes of `name`, and a `mark` stands before them. */
static bool ends_in(const char *path, size_t size, char mark, const char *name, size_t tail)
{
    return tail && tail < size && path[size - tail - 1] == mark &&
           memcmp(path + size - tail, name, tail) == 0;
}

static bool is_last_part(const char *path, const char *name, size_t tail)
{
    size_t size = strlen(path);
    bool is_member = size && path[size - 1] == ')';
    return ends_in(path, size, '/', name, tail) ||
           (is_member && ends_in(path, size - 1, '(', name, tail));
}

/* The name that rows have, when the budget's kind has one of that name; else NULL. */
static const char *name_in(const struct report *report, enum budget_kind kind, const char *name)
{
    for (size_t i = 0; kind == BUDGET_REGION && i < report->budgets.count; i++)
        if (report->budgets.at[i].kind == kind && strcmp(report->budgets.at[i].name, name) == 0)
            return report->budgets.at[i].name;
    for (size_t i = 0; kind != BUDGET_REGION && i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        const char *its = kind == BUDGET_SECTION  ? row->output
                          : kind == BUDGET_OBJECT ? row->object
                                                  : row->symbol;
        if (its && strcmp(its, name) == 0)
            return its;
    }
    for (size_t i = 0; kind == BUDGET_OBJECT && i < report->rows.count; i++)
        if (report->rows.at[i].object &&
            is_last_part(report->rows.at[i].object, name, strlen(name)))
            return report->rows.at[i].object;
    return NULL;
}

/* `kind` BUDGET_IMAGE: any. */
static bool find_named(const struct report *report, enum budget_kind kind, const char *name,
                       struct report_budget *budget)
{
    for (int k = BUDGET_REGION; k <= BUDGET_SYMBOL; k++) {
        if (kind != BUDGET_IMAGE && (int)kind != k)
            continue;
        const char *its = name_in(report, (enum budget_kind)k, name);
        if (!its)
            continue;
        budget->kind = (uint8_t)k;
        budget->name = its;
        return true;
    }
    return false;
}

/* OBJECT:SYMBOL, parted at `colon`. */
static bool find_within(const struct report *report, const char *name, const char *colon,
                        struct report_budget *budget)
{
    size_t size = (size_t)(colon - name);
    for (size_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        if (!row->object || !row->symbol || strcmp(row->symbol, colon + 1) != 0)
            continue;
        bool is_whole = strlen(row->object) == size && memcmp(row->object, name, size) == 0;
        if (!is_whole && !is_last_part(row->object, name, size))
            continue;
        budget->kind = BUDGET_SYMBOL;
        budget->name = row->symbol;
        budget->object = row->object;
        return true;
    }
    return false;
}

static bool find_in_object(const struct report *report, enum budget_kind kind, const char *name,
                           struct report_budget *budget)
{
    const char *colon = strrchr(name, ':');
    bool may_be = kind == BUDGET_IMAGE || kind == BUDGET_SYMBOL;
    return may_be && colon && find_within(report, name, colon, budget);
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

/* A region is used up to its highest end: what alignment leaves free below counts. */
static uint64_t used_of(const struct report *report, const struct report_budget *budget,
                        bool *in_image)
{
    uint64_t used = 0;
    for (size_t i = 0; budget->kind == BUDGET_REGION && i < report->budgets.count; i++)
        if (report->budgets.at[i].kind == BUDGET_REGION &&
            strcmp(report->budgets.at[i].name, budget->name) == 0) {
            *in_image = report->budgets.at[i].in_image;
            return report->budgets.at[i].used;
        }
    for (size_t i = 0; i < report->rows.count; i++) {
        if (!budget_counts(budget, &report->rows.at[i]))
            continue;
        used += report->rows.at[i].size;
        *in_image |= report->rows.at[i].in_file;
    }
    return used;
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
    offer_names(link->report, kind, &spelling);
    diagnose(link->host, WELT_ERROR, "budget", (struct place){.file = link->report->name},
             spelling.nearest
                 ? arena_format(&link->arena, "did you mean `%.200s'?", spelling.nearest)
                 : hint,
             "nothing in the image is named `%.200s': its budget cannot be held", given);
}

static void add_given(struct link *link, const welt_budget *given, bool may_complain)
{
    struct report *report = link->report;
    struct report_budget budget = {
        .kind = BUDGET_IMAGE, .name = report->name, .limit = given->limit, .is_given = true};
    const char *name = given->name;
    enum budget_kind kind = name ? kind_of_prefix(&name) : BUDGET_IMAGE;
    if (name && !find_named(report, kind, name, &budget) &&
        !find_in_object(report, kind, name, &budget)) {
        if (may_complain)
            complain(link, kind, name, given->name);
        return;
    }
    budget.used = used_of(report, &budget, &budget.in_image);
    *list_add(&report->arena, &report->budgets) = budget;
}

void measure_budgets(struct link *link)
{
    const welt_options *given = &link->set->given;
    /* What a failed link has no rows for may be there in the next one. */
    bool is_fine = link->host->errors == 0;
    for (size_t i = 0; i < given->budget_count; i++)
        add_given(link, &given->budgets[i], is_fine);
}
