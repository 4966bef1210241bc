/* SPDX-License-Identifier: MIT
 *
 * Whether there is anything to say about sizes, and what: what the budgets measure, what changed
 * since the baseline, what would help. A link that is within its regions and was asked nothing pays
 * for a look at each region. */
#include "report/model.h"

#include "steps.h"

static bool is_asked(const struct link *link)
{
    const welt_options *given = &link->set->given;
    if (given->budget_count || given->baseline_path || given->max_growth || given->max_slack)
        return true;
    for (size_t i = 0; i < link->regions.count; i++)
        if (link->regions.at[i].end - link->regions.at[i].origin > link->regions.at[i].length)
            return true;
    return false;
}

/* Requires the address map and name_atoms(), or a report that was read. Provides link.report, with
 * budgets, comparison and advice, when a budget is over or the options ask for it. */
void judge_sizes(struct link *link)
{
    if (!link->report && !is_asked(link))
        return;
    describe_link(link);
    measure_budgets(link);
    compare_baseline(link);
    advise(link);
}
