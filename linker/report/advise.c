/* SPDX-License-Identifier: MIT
 *
 * What would help where a budget is over: the smallest set of symbols whose going would fit, and
 * the options of compilers that the objects lack (flags.c), and the layout that has more room.
 *
 * The set is found greedily. When one symbol frees enough, it is the one that frees least of those;
 * else the one that frees most goes first and the rest is asked again. No candidates are the entry,
 * and what would take others with it that are more than half of what is left: that is the program.
 * Bytes are counted without what alignment may give back.
 *
 * Of the runtime library's functions those may go that the program itself calls, not what they call
 * in turn: first such as one place of it calls, for what all of it stands on is no help; then all,
 * and what the runtime library calls in turn.
 *
 * A function with which all that is the program's own would go, main for one, is no step: it would
 * fit, and there would be none. Where such a function is most of what is left, as a compiler makes
 * it that puts all others into it, it is told what that is made of (program.c). */
#include "report/advise.h"

#include "ask.h"

#include <string.h>

enum { MOST_STEPS = 6, MOST_BUDGETS = 8 };

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
    return row != NONE && row_is_runtime(graph->link, &graph->report->rows.at[row]);
}

/* From how many places the program refers to each row: 0, 1, or 2 for several. */
static uint8_t *count_callers(const struct graph *graph)
{
    uint8_t *callers = NEW_ARRAY(graph->arena, uint8_t, graph->nodes + 1u);
    uint32_t *first = NEW_ARRAY(graph->arena, uint32_t, graph->nodes + 1u);
    for (uint32_t row = 0; row < graph->rows; row++)
        for (uint32_t e = graph->first[row]; !is_runtime(graph, row) && e < graph->first[row + 1];
             e++) {
            uint32_t to = graph->to[e];
            if (callers[to] && first[to] != row)
                callers[to] = 2;
            if (callers[to])
                continue;
            callers[to] = 1;
            first[to] = row;
        }
    return callers;
}

/* What may go: each allows what those before it do. */
enum leave { LEAVE_ONE_CALLER, LEAVE_CALLED, LEAVE_CALLER };

struct search {
    struct graph *graph;
    const struct report_budget *budget;
    const uint8_t *callers;
    uint64_t over, left; /* still; counted by the budget */
    enum leave leave;
    uint32_t program; /* the row of a function that is no step, once it is known; NONE */
};

static bool is_candidate(const struct search *search, uint32_t row)
{
    const struct graph *graph = search->graph;
    const struct report_row *its = &graph->report->rows.at[row];
    uint8_t callers = search->callers[row];
    if (!its->symbol || its->root || its->atom == NONE || row == search->program ||
        strncmp(its->symbol, "__x86.", 6) == 0) /* a compiler's own */
        return false;
    if (is_runtime(graph, row))
        return callers == 1 || (callers && search->leave >= LEAVE_CALLED);
    return search->leave == LEAVE_CALLER || !is_runtime(graph, its->keeper);
}

/* Its own bytes, as far as the budget counts them: code has none in a region of memory. */
static uint64_t own_size(const struct search *search, uint32_t row)
{
    const struct report_row *its = &search->graph->report->rows.at[row];
    return budget_counts(search->budget, its) ? its->size : 0;
}

/* Of two that free the same the one to which more of it belongs. */
static bool is_better(const struct search *search, const uint64_t *freed, uint32_t row,
                      uint32_t best)
{
    uint64_t wanted = search->over;
    if (best == NONE)
        return true;
    if (freed[row] == freed[best])
        return own_size(search, row) > own_size(search, best);
    if (freed[row] < wanted || freed[best] < wanted)
        return freed[row] > freed[best];
    return freed[row] < freed[best];
}

static uint32_t choose(const struct search *search, const uint64_t *freed)
{
    uint32_t best = NONE;
    for (uint32_t row = 0; row < search->graph->rows; row++) {
        bool may_go = freed[row] && freed[row] - own_size(search, row) <= search->left / 2 &&
                      is_candidate(search, row);
        if (may_go && is_better(search, freed, row, best))
            best = row;
    }
    return best;
}

/* Whether of the program's own next to nothing would be left without a row: a few instructions
 * that call it. */
static bool is_program(const struct search *search, uint32_t row, uint64_t freed, uint8_t *gone)
{
    enum { LEAST_PART = 8 };
    const struct graph *graph = search->graph;
    uint64_t left = 0;
    if (graph->report->rows.at[row].kind != WELT_SPAN_CODE)
        return false;
    gone[row] = 1;
    const uint64_t *still = graph_freed(graph, search->budget, gone);
    gone[row] = 0;
    for (uint32_t other = 0; other < graph->rows; other++)
        if (still[other] && !is_runtime(graph, other))
            left += own_size(search, other);
    return left <= freed / LEAST_PART;
}

static void take_step(struct search *search, uint32_t row, uint64_t freed,
                      struct report_advice *advice)
{
    struct report *report = search->graph->report;
    *list_add(&report->arena, &advice->steps) =
        (struct report_step){.symbol = report->rows.at[row].symbol,
                             .object = report->rows.at[row].object,
                             .size = own_size(search, row),
                             .freed = freed};
    advice->would_fit = freed >= search->over;
    search->left -= freed;
    search->over -= advice->would_fit ? search->over : freed;
}

static void find_steps(struct search *search, struct report_advice *advice)
{
    struct graph *graph = search->graph;
    uint8_t *gone = NEW_ARRAY(graph->arena, uint8_t, graph->rows + 1u);
    search->over = search->budget->used - search->budget->limit;
    search->left = total_of(graph->report, search->budget);
    while (advice->steps.count < MOST_STEPS && !advice->would_fit) {
        const uint64_t *freed = graph_freed(graph, search->budget, gone);
        uint32_t row = choose(search, freed);
        if (row == NONE)
            break;
        if (search->program == NONE && is_program(search, row, freed[row], gone)) {
            search->program = row;
            continue;
        }
        gone[row] = 1;
        take_step(search, row, freed[row], advice);
    }
    advice->still_over = search->over;
}

/* Without the runtime library there is nothing to be left to it: what may go is one thing. */
static enum leave last_leave(const struct graph *graph)
{
    for (uint32_t row = 0; row < graph->rows; row++)
        if (is_runtime(graph, row))
            return LEAVE_CALLER;
    return LEAVE_ONE_CALLER;
}

/* The function that is most of what the steps leave; NONE: there is none. */
static uint32_t find_program(const struct search *search, const struct report_advice *advice)
{
    const struct link *link = search->graph->link;
    uint64_t left = total_of(search->graph->report, search->budget);
    uint32_t row = search->program;
    if (row == NONE && link->entry_atom != NONE && !advice->steps.count)
        row = graph_row_at(search->graph, link->entry_atom, link->entry_offset);
    for (size_t i = 0; i < advice->steps.count; i++)
        left -= advice->steps.at[i].freed;
    bool is_most = row != NONE && !is_runtime(search->graph, row) &&
                   search->graph->report->rows.at[row].symbol && own_size(search, row) >= left / 2;
    return is_most ? row : NONE;
}

/* Beside a program that is over by far a few bytes are no way to less. */
static void drop_small_steps(struct report_advice *advice, uint64_t over)
{
    enum { LEAST_PART = 8 };
    if (over - advice->still_over >= over / LEAST_PART)
        return;
    advice->steps.count = 0;
    advice->still_over = over;
}

static void find_set(struct graph *graph, struct report_advice *advice)
{
    struct search search = {.graph = graph,
                            .budget = &graph->report->budgets.at[advice->budget],
                            .callers = count_callers(graph),
                            .program = NONE};
    struct report_advice tried = *advice;
    tried.has_steps = true;
    int last = (int)last_leave(graph);
    for (int leave = LEAVE_ONE_CALLER; leave <= last && !advice->would_fit; leave++) {
        struct report_advice next = tried;
        search.leave = (enum leave)leave;
        find_steps(&search, &next);
        if (leave == LEAVE_ONE_CALLER || next.would_fit)
            *advice = next;
    }
    uint32_t program = advice->would_fit ? NONE : find_program(&search, advice);
    if (program == NONE)
        return;
    describe_program(graph, program, advice);
    drop_small_steps(advice, search.budget->used - search.budget->limit);
}

/* ---- another layout ---- */

static bool is_sector_layout(const struct link *link)
{
    const welt_options *given = &link->set->given;
    return link->set->face == WELT_FACE_BOOT && !given->script_path && !given->script_text &&
           (!given->layout || strcmp(given->layout, "sector") == 0);
}

/* A sector that was written whole, with its 55 AA, and what it loads in the same section. */
static bool is_sector_and_more(const struct link *link)
{
    enum { SIGNATURE_AT = 510, SECTOR = 512 };
    const struct section *section = atom_section(link, link->entry_atom);
    return section->bytes && section->size > SECTOR && section->bytes[SIGNATURE_AT] == 0x55 &&
           section->bytes[SIGNATURE_AT + 1] == 0xaa;
}

/* What no option takes away can be loaded: a C program stays as it is, for the layout's own first
 * sector loads the rest and calls main. */
static void find_layout(const struct link *link, const struct report_budget *budget,
                        struct report_advice *advice)
{
    uint64_t saved = 0;
    if (budget->kind != BUDGET_REGION || !is_sector_layout(link) || link->entry_atom == NONE)
        return;
    for (size_t i = 0; i < advice->flags.count; i++)
        saved += advice->flags.at[i].saved;
    bool begins_in_runtime = atom_is_runtime(link, link->entry_atom);
    if (begins_in_runtime && saved < budget->used - budget->limit) {
        advice->layout = "--layout disk";
        advice->layout_why = "a first sector that loads the rest, up to 33280 bytes";
    } else if (is_sector_and_more(link)) {
        advice->layout = "--layout raw -Ttext 0x7c00";
        advice->layout_why = "it has its own 55 AA at 510, and what it loads stands behind";
    }
}

static void advise_on(struct graph *graph, uint32_t budget)
{
    struct report *report = graph->report;
    struct report_advice advice = {.budget = budget,
                                   .padding = budget_padding(report, &report->budgets.at[budget])};
    bool is_object = graph->link->form.kind == FORM_RELOCATABLE; /* nothing says what calls what */
    if (!is_object && report->budgets.at[budget].kind != BUDGET_SYMBOL)
        find_set(graph, &advice);
    find_flags(graph, &advice);
    find_layout(graph->link, &report->budgets.at[budget], &advice);
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
