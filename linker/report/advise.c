/* SPDX-License-Identifier: MIT
 *
 * What would help where a budget is over: the smallest set of symbols whose going would fit, and
 * the options of compilers that the objects lack (flags.c).
 *
 * The set is found greedily. When one symbol frees enough, it is the one that frees least of those;
 * else the one that frees most goes first and the rest is asked again. No candidates are the entry,
 * and what would take others with it that are more than half of what is left: that is the program.
 * Bytes are counted without what alignment may give back. */
#include "report/advise.h"

#include <string.h>

enum { MOST_STEPS = 6, MOST_BUDGETS = 4 };

static uint64_t total_of(const struct report *report, const struct report_budget *budget)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < report->rows.count; i++)
        if (budget_counts(budget, &report->rows.at[i]))
            sum += report->rows.at[i].size;
    return sum;
}

static bool is_runtime(const struct graph *graph, uint32_t row)
{
    const struct link *link = graph->link;
    uint32_t atom = row == NONE ? NONE : graph->report->rows.at[row].atom;
    return atom != NONE && link->inputs.at[link->atoms[atom].input].is_runtime;
}

/* The runtime's functions are there because others call them: those are to be looked at. What it
 * calls itself, main, is the program, and named only when nothing else would do. */
static bool is_candidate(const struct graph *graph, uint32_t row, bool with_main)
{
    const struct report_row *its = &graph->report->rows.at[row];
    return its->symbol && !its->root && its->atom != NONE &&
           strncmp(its->symbol, "__x86.", 6) != 0 && /* a compiler's own */
           !is_runtime(graph, row) && (with_main || !is_runtime(graph, its->keeper));
}

static uint32_t choose(const struct graph *graph, const uint64_t *freed, uint64_t wanted,
                       uint64_t most, bool with_main)
{
    const struct report *report = graph->report;
    uint32_t best = NONE;
    for (uint32_t row = 0; row < report->rows.count; row++) {
        const struct report_row *its = &report->rows.at[row];
        bool may_go =
            freed[row] && freed[row] - its->size <= most && is_candidate(graph, row, with_main);
        if (!may_go)
            continue;
        bool is_enough = freed[row] >= wanted;
        bool is_better =
            best == NONE || (is_enough ? freed[best] < wanted || freed[row] < freed[best]
                                       : freed[row] > freed[best]);
        if (is_better && !(best != NONE && freed[best] >= wanted && !is_enough))
            best = row;
    }
    return best;
}

static void find_steps(struct graph *graph, struct report_advice *advice, bool with_main)
{
    struct report *report = graph->report;
    const struct report_budget *budget = &report->budgets.at[advice->budget];
    uint64_t over = budget->used - budget->limit, left = total_of(report, budget);
    uint8_t *gone = NEW_ARRAY(graph->arena, uint8_t, graph->rows + 1u);
    for (unsigned step = 0; step < MOST_STEPS && !advice->would_fit; step++) {
        const uint64_t *freed = graph_freed(graph, budget, gone);
        uint32_t row = choose(graph, freed, over, left / 2, with_main);
        if (row == NONE)
            return;
        gone[row] = 1;
        *list_add(&report->arena, &advice->steps) =
            (struct report_step){.symbol = report->rows.at[row].symbol,
                                 .object = report->rows.at[row].object,
                                 .size = report->rows.at[row].size,
                                 .freed = freed[row]};
        advice->would_fit = freed[row] >= over;
        left -= freed[row];
        over -= advice->would_fit ? over : freed[row];
    }
}

static uint64_t padding_of(const struct report *report, const struct report_budget *budget)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        if (row->kind == WELT_SPAN_PADDING && budget_counts(budget, row))
            sum += row->size;
    }
    return sum;
}

static void advise_on(struct graph *graph, uint32_t budget)
{
    struct report *report = graph->report;
    struct report_advice advice = {.budget = budget,
                                   .padding = padding_of(report, &report->budgets.at[budget])};
    find_steps(graph, &advice, false);
    if (!advice.would_fit) {
        advice.steps.count = 0;
        find_steps(graph, &advice, true);
    }
    find_flags(graph, &advice);
    *list_add(&report->arena, &report->advice) = advice;
}

void advise(struct link *link)
{
    struct report *report = link->report;
    struct graph graph = {.nodes = 0};
    struct arena arena;
    if (!link->atom_count)
        return;
    arena_open(&arena, link->host);
    for (uint32_t i = 0; i < report->budgets.count && report->advice.count < MOST_BUDGETS; i++) {
        if (report->budgets.at[i].used <= report->budgets.at[i].limit)
            continue;
        if (!graph.nodes)
            graph_build(&graph, link, report, &arena, NULL);
        advise_on(&graph, i);
    }
    arena_close(&arena);
}
