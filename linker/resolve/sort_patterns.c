/* SPDX-License-Identifier: MIT
 *
 * --sort-section: an order for the script's patterns that have none, and a second one for those
 * that sort by something else (manual of GNU ld 2.40, 3.6.4.2 "Input Section Wildcard Patterns").
 *
 * Requires: the script's tree. Provides: the same, with its patterns' `sort` completed. The order
 * of .init and .fini is that of the program's start: GNU ld leaves them alone; lld does not, and
 * gives a second order to constructors by priority, too. */
#include "steps.h"

#include <string.h>

static bool is_left_alone(const struct section_pattern *pattern)
{
    const struct pattern *name = &pattern->name;
    return name->size == 5 &&
           (memcmp(name->text, ".init", 5) == 0 || memcmp(name->text, ".fini", 5) == 0);
}

static void sort_pattern(struct section_pattern *pattern, uint8_t sort)
{
    bool is_other = (pattern->sort == SORT_NAME || pattern->sort == SORT_ALIGNMENT) &&
                    pattern->sort != sort && !pattern->sort_within;
    if (is_left_alone(pattern))
        return;
    if (pattern->sort == SORT_NONE)
        pattern->sort = sort;
    else if (is_other)
        pattern->sort_within = sort;
}

static void sort_pattern_as_lld(struct section_pattern *pattern, uint8_t sort)
{
    if (pattern->sort == SORT_NONE)
        pattern->sort = sort;
    else if (!pattern->sort_within)
        pattern->sort_within = pattern->sort == SORT_NONE_ASKED ? SORT_NONE : sort;
}

static void sort_statements(const struct link *link, struct statement *list, uint8_t sort)
{
    for (struct statement *s = list; s; s = s->next) {
        for (uint32_t i = 0; s->kind == STATEMENT_INPUT && i < s->section_count; i++)
            (link->set->lld ? sort_pattern_as_lld : sort_pattern)(&s->sections[i], sort);
        sort_statements(link, s->body, sort);
    }
}

void sort_patterns(struct link *link)
{
    switch (link->set->given.sort_sections) {
    case WELT_SORT_NAME: sort_statements(link, link->script->commands, SORT_NAME); break;
    case WELT_SORT_ALIGNMENT: sort_statements(link, link->script->commands, SORT_ALIGNMENT); break;
    default: break;
    }
}
