/* SPDX-License-Identifier: MIT
 *
 * Order within an input statement: SORT… patterns. See sort_taken.h.
 *
 * GNU ld and lld sort alike where all patterns of a statement sort alike. Where they differ, GNU ld
 * inserts each section by its own pattern among what other patterns took, while in lld a pattern
 * that sorts is a group of its own: what it takes stands behind what the patterns before it took.
 */
#include "resolve/sort_taken.h"

#include "ask.h"
#include "resolve/arrays_lld.h"

#include <stdlib.h>
#include <string.h>

struct sorter {
    const struct link *link;
    const struct statement *statement;
    int (*compare)(const struct sorter *, const struct taken_section *,
                   const struct taken_section *);
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

static int compare_files(const struct sorter *sorter, uint32_t a, uint32_t b)
{
    const struct object *left = atom_object(sorter->link, a), *right = atom_object(sorter->link, b);
    if (sorter->statement->file_sort != SORT_NAME)
        return 0;
    int order = strcmp(left->path, right->path);
    if (!order)
        order = strcmp(left->member ? left->member : "", right->member ? right->member : "");
    return sorter->statement->file_reverse ? -order : order;
}

/* By the pattern of the left one. */
static int compare_taken(const struct sorter *sorter, const struct taken_section *a,
                         const struct taken_section *b)
{
    const struct link *link = sorter->link;
    int order = compare_files(sorter, a->atom, b->atom);
    if (order || !a->pattern)
        return order;
    order = compare_by(a->pattern->sort, link, a->atom, b->atom);
    if (!order)
        order = compare_by(a->pattern->sort_within, link, a->atom, b->atom);
    return a->pattern->reverse ? -order : order;
}

static int compare_as_lld(const struct sorter *sorter, const struct taken_section *a,
                          const struct taken_section *b)
{
    if (a->pattern && a->pattern->group != b->pattern->group)
        return a->pattern->group < b->pattern->group ? -1 : 1;
    return compare_taken(sorter, a, b);
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
        bool left =
            j >= count || (i < half && sorter->compare(sorter, &scratch[i], &scratch[j]) <= 0);
        at[k++] = scratch[left ? i++ : j++];
    }
}

/* Patterns that sort differently share a statement: GNU ld puts each section, as it comes, before
 * the first that its own pattern calls greater, whichever pattern took that one; what is not sorted
 * goes behind. */
static void insert_taken(const struct sorter *sorter, struct taken_section *at, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct taken_section taken = at[i];
        size_t to = 0;
        while (to < i && compare_taken(sorter, &taken, &at[to]) >= 0)
            to++;
        memmove(at + to + 1, at + to, (i - to) * sizeof *at);
        at[to] = taken;
    }
}

static bool sorts_alike(const struct statement *s)
{
    for (uint32_t i = 1; i < s->section_count; i++)
        if (s->sections[i].sort != s->sections[0].sort ||
            s->sections[i].sort_within != s->sections[0].sort_within ||
            s->sections[i].reverse != s->sections[0].reverse)
            return false;
    return true;
}

static bool is_sorted_statement(const struct statement *s)
{
    for (uint32_t i = 0; i < s->section_count; i++)
        if (s->sections[i].sort != SORT_NONE || s->sections[i].reverse)
            return true;
    return s->file_sort != SORT_NONE;
}

void sort_taken(struct link *link, const struct statement *statement, struct taken_list *taken)
{
    struct sorter sorter = {link, statement, compare_taken, NULL};
    if (!is_sorted_statement(statement))
        return;
    sorter.scratch = NEW_ARRAY(&link->arena, struct taken_section, taken->count);
    if (link->form.as_lld)
        sorter.compare = compare_as_lld;
    if (link->form.as_lld || sorts_alike(statement))
        merge_sort(&sorter, taken->at, taken->count);
    else
        insert_taken(&sorter, taken->at, taken->count);
}
