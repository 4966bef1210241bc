/* SPDX-License-Identifier: MIT
 *
 * Order within an input statement: SORT… patterns. See sort_taken.h.
 *
 * GNU ld and lld sort alike where all patterns of a statement sort alike. Where they differ, GNU ld
 * has a tree (sort_tree.c), while in lld a pattern that sorts is a group of its own: what it takes
 * stands behind what the patterns before it took. */
#include "resolve/sort_taken.h"

#include "ask.h"
#include "resolve/arrays_lld.h"

#include <stdlib.h>
#include <string.h>

struct sorter {
    const struct link *link;
    const struct statement *statement;
    struct taken_section *scratch;
};

/* The number that gcc puts behind a name: init_priority in .init_array.N, 65535 less it in
 * .ctors.N. -1: there is none. */
static long init_priority(const char *name)
{
    const char *dot = strrchr(name, '.');
    char *end;
    if (!dot || dot[1] < '0' || dot[1] > '9')
        return -1;
    long number = strtol(dot + 1, &end, 10);
    bool is_reversed =
        dot == name + 6 && (strncmp(name, ".ctors", 6) == 0 || strncmp(name, ".dtors", 6) == 0);
    if (*end || number > INT32_MAX)
        return -1;
    return is_reversed ? 65535 - number : number;
}

static int compare_priorities(const struct link *link, const char *a, const char *b)
{
    if (link->form.as_lld)
        return (priority_of(a) > priority_of(b)) - (priority_of(a) < priority_of(b));
    long x = init_priority(a), y = init_priority(b);
    if (x < 0 || y < 0 || x == y)
        return strcmp(a, b);
    return x < y ? -1 : 1;
}

static int compare_by(enum sort_kind kind, const struct link *link, uint32_t a, uint32_t b)
{
    const struct section *left = atom_section(link, a), *right = atom_section(link, b);
    switch (kind) {
    case SORT_ALIGNMENT: return (left->align < right->align) - (left->align > right->align);
    case SORT_NAME: return strcmp(left->name, right->name);
    case SORT_INIT_PRIORITY: return compare_priorities(link, left->name, right->name);
    default: return 0;
    }
}

static int compare_files(const struct link *link, const struct statement *statement, uint32_t a,
                         uint32_t b)
{
    const struct object *left = atom_object(link, a), *right = atom_object(link, b);
    if (statement->file_sort != SORT_NAME)
        return 0;
    int order = strcmp(left->path, right->path);
    if (!order)
        order = strcmp(left->member ? left->member : "", right->member ? right->member : "");
    return statement->file_reverse ? -order : order;
}

int compare_taken(const struct link *link, const struct statement *statement,
                  const struct section_pattern *pattern, const struct taken_section *a,
                  const struct taken_section *b)
{
    int order = compare_files(link, statement, a->atom, b->atom);
    if (order || !pattern)
        return order;
    order = compare_by(pattern->sort, link, a->atom, b->atom);
    if (!order)
        order = compare_by(pattern->sort_within, link, a->atom, b->atom);
    return pattern->reverse ? -order : order;
}

static int compare(const struct sorter *sorter, const struct taken_section *a,
                   const struct taken_section *b)
{
    bool has_groups = sorter->link->form.as_lld && a->pattern;
    if (has_groups && a->pattern->group != b->pattern->group)
        return a->pattern->group < b->pattern->group ? -1 : 1;
    return compare_taken(sorter->link, sorter->statement, a->pattern, a, b);
}

/* Merge sort: stable, and qsort() has no room for the link. */
static void merge_sort(const struct sorter *sorter, struct taken_section *at, size_t count)
{
    struct taken_section *scratch = sorter->scratch;
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, j = half, k = 0;
    merge_sort(sorter, at, half);
    merge_sort(sorter, at + half, count - half);
    memcpy(scratch, at, count * sizeof *at);
    while (k < count) {
        bool left = j >= count || (i < half && compare(sorter, &scratch[i], &scratch[j]) <= 0);
        at[k++] = scratch[left ? i++ : j++];
    }
}

bool patterns_sort_alike(const struct section_pattern *a, const struct section_pattern *b)
{
    return a->sort == b->sort && a->sort_within == b->sort_within && a->reverse == b->reverse;
}

static bool is_sorted(const struct statement *s)
{
    for (uint32_t i = 0; i < s->section_count; i++)
        if (s->sections[i].sort != SORT_NONE || s->sections[i].reverse)
            return true;
    return s->file_sort != SORT_NONE;
}

bool sorts_by_tree(const struct link *link, const struct statement *s)
{
    if (link->form.as_lld || !is_sorted(s))
        return false;
    for (uint32_t i = 1; i < s->section_count; i++)
        if (!patterns_sort_alike(&s->sections[i], &s->sections[0]))
            return true;
    return false;
}

void sort_taken(struct link *link, const struct statement *statement, struct taken_list *taken)
{
    struct sorter sorter = {link, statement, NULL};
    if (!is_sorted(statement))
        return;
    if (sorts_by_tree(link, statement)) {
        sort_by_tree(link, statement, taken);
        return;
    }
    sorter.scratch = NEW_ARRAY(&link->arena, struct taken_section, taken->count);
    merge_sort(&sorter, taken->at, taken->count);
}
