/* SPDX-License-Identifier: MIT
 *
 * The order that SORT gives to what the patterns of one statement took. See order_taken.h.
 *
 * Patterns that sort alike: it is sorted. Patterns that sort differently: GNU ld puts each section,
 * as it comes, before the first that its own pattern calls greater, whichever pattern took that
 * one; what is not sorted goes behind. What comes of it is in no single order, so there is nothing
 * to search by halves. But it is kept in blocks, and each knows its greatest in every order that
 * the patterns have: a block whose greatest is no greater than the section is passed over. */
#include "resolve/order_taken.h"

#include "ask.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 256 };

struct sorter {
    struct link *link;
    const struct statement *statement;
    struct taken_section *scratch; /* of sort_taken() */
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

static int compare_by(enum sort_kind kind, const struct link *link, uint32_t a, uint32_t b)
{
    const struct section *left = atom_section(link, a), *right = atom_section(link, b);
    if (kind == SORT_ALIGNMENT)
        return (left->align < right->align) - (left->align > right->align);
    if (kind == SORT_NAME)
        return strcmp(left->name, right->name);
    if (kind != SORT_INIT_PRIORITY)
        return 0;
    long x = init_priority(left->name), y = init_priority(right->name);
    if (x < 0 || y < 0 || x == y)
        return strcmp(left->name, right->name);
    return x < y ? -1 : 1;
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

static int compare_by_pattern(const struct sorter *sorter, const struct section_pattern *pattern,
                              const struct taken_section *a, const struct taken_section *b)
{
    const struct link *link = sorter->link;
    int order = compare_files(sorter, a->atom, b->atom);
    if (order || !pattern)
        return order;
    order = compare_by(pattern->sort, link, a->atom, b->atom);
    if (!order)
        order = compare_by(pattern->sort_within, link, a->atom, b->atom);
    return pattern->reverse ? -order : order;
}

static int compare_taken(const struct sorter *sorter, const struct taken_section *a,
                         const struct taken_section *b)
{
    return compare_by_pattern(sorter, a->pattern, a, b);
}

/* ---- patterns that sort alike ---- */

/* Merge sort: stable, and qsort() has no room for the link. */
static void sort_taken(const struct sorter *sorter, struct taken_section *at, size_t count)
{
    struct taken_section *scratch = sorter->scratch;
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, j = half, k = 0;
    sort_taken(sorter, at, half);
    sort_taken(sorter, at + half, count - half);
    memcpy(scratch, at, count * sizeof *at);
    while (k < count) {
        bool left =
            j >= count || (i < half && compare_taken(sorter, &scratch[i], &scratch[j]) <= 0);
        at[k++] = scratch[left ? i++ : j++];
    }
}

/* ---- patterns that sort differently ---- */

/* An order that some of the patterns have. */
struct way {
    const struct section_pattern *pattern; /* one of them */
    bool is_total; /* of three, if b is no less than a and c no less than b, c is no less than a */
};

struct block {
    struct taken_section at[BLOCK_SIZE];
    size_t count;
    struct taken_section *greatest; /* by way */
};

struct inserter {
    struct sorter *sorter;
    LIST(struct way) ways;
    uint32_t *way_of; /* pattern -> index into ways */
    LIST(struct block *) blocks;
};

static bool sorts_like(const struct section_pattern *a, const struct section_pattern *b)
{
    return a->sort == b->sort && a->sort_within == b->sort_within && a->reverse == b->reverse;
}

/* Names without a number stand among those with one by their letters, which the numbers need not
 * agree with. */
static bool is_total(const struct section_pattern *pattern)
{
    return pattern->sort != SORT_INIT_PRIORITY && pattern->sort_within != SORT_INIT_PRIORITY;
}

static void find_ways(struct inserter *inserter)
{
    const struct statement *s = inserter->sorter->statement;
    struct arena *arena = &inserter->sorter->link->arena;
    inserter->way_of = NEW_ARRAY(arena, uint32_t, s->section_count);
    for (uint32_t i = 0; i < s->section_count; i++) {
        const struct section_pattern *pattern = &s->sections[i];
        uint32_t way = 0;
        while (way < inserter->ways.count && !sorts_like(inserter->ways.at[way].pattern, pattern))
            way++;
        if (way == inserter->ways.count)
            *list_add(arena, &inserter->ways) = (struct way){pattern, is_total(pattern)};
        inserter->way_of[i] = way;
    }
}

static void raise_greatest(const struct inserter *inserter, struct block *block,
                           const struct taken_section *its)
{
    for (size_t w = 0; w < inserter->ways.count; w++)
        if (block->count == 1 || compare_by_pattern(inserter->sorter, inserter->ways.at[w].pattern,
                                                    its, &block->greatest[w]) > 0)
            block->greatest[w] = *its;
}

static void insert_into(const struct inserter *inserter, struct block *block, size_t to,
                        struct taken_section its)
{
    memmove(block->at + to + 1, block->at + to, (block->count - to) * sizeof *block->at);
    block->at[to] = its;
    block->count++;
    raise_greatest(inserter, block, &its);
}

static struct block *add_block(struct inserter *inserter, size_t index)
{
    struct arena *arena = &inserter->sorter->link->arena;
    struct block *block = NEW(arena, struct block);
    block->greatest = NEW_ARRAY(arena, struct taken_section, inserter->ways.count);
    *list_add(arena, &inserter->blocks) = block;
    memmove(inserter->blocks.at + index + 1, inserter->blocks.at + index,
            (inserter->blocks.count - 1 - index) * sizeof *inserter->blocks.at);
    inserter->blocks.at[index] = block;
    return block;
}

/* The later half of a full block becomes one of its own. */
static void split_block(struct inserter *inserter, size_t index)
{
    struct block *full = inserter->blocks.at[index], *later = add_block(inserter, index + 1);
    size_t half = full->count / 2, count = full->count;
    full->count = 0;
    for (size_t i = 0; i < half; i++)
        insert_into(inserter, full, i, full->at[i]);
    for (size_t i = half; i < count; i++)
        insert_into(inserter, later, i - half, full->at[i]);
}

/* The first in a block that is greater, or its end. */
static size_t first_greater(const struct inserter *inserter, const struct block *block,
                            const struct taken_section *its)
{
    uint32_t way = inserter->way_of[its->pattern - inserter->sorter->statement->sections];
    size_t to = 0;
    if (inserter->ways.at[way].is_total && block->count &&
        compare_taken(inserter->sorter, its, &block->greatest[way]) >= 0)
        return block->count;
    while (to < block->count && compare_taken(inserter->sorter, its, &block->at[to]) >= 0)
        to++;
    return to;
}

static void insert_one(struct inserter *inserter, const struct taken_section *its)
{
    size_t b = 0, to = first_greater(inserter, inserter->blocks.at[0], its);
    while (to == inserter->blocks.at[b]->count && b + 1 < inserter->blocks.count)
        to = first_greater(inserter, inserter->blocks.at[++b], its);
    insert_into(inserter, inserter->blocks.at[b], to, *its);
    if (inserter->blocks.at[b]->count == BLOCK_SIZE)
        split_block(inserter, b);
}

static void insert_taken(struct sorter *sorter, struct taken_list *taken)
{
    struct inserter inserter = {.sorter = sorter};
    find_ways(&inserter);
    add_block(&inserter, 0);
    for (size_t i = 0; i < taken->count; i++)
        insert_one(&inserter, &taken->at[i]);
    size_t to = 0;
    for (size_t b = 0; b < inserter.blocks.count; b++) {
        const struct block *block = inserter.blocks.at[b];
        memcpy(taken->at + to, block->at, block->count * sizeof *block->at);
        to += block->count;
    }
}

/* ---- a statement ---- */

static bool sorts_alike(const struct statement *s)
{
    for (uint32_t i = 1; i < s->section_count; i++)
        if (!sorts_like(&s->sections[i], &s->sections[0]))
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

void order_taken(struct link *link, const struct statement *statement, struct taken_list *taken)
{
    struct sorter sorter = {.link = link, .statement = statement};
    if (!is_sorted_statement(statement) || taken->count < 2)
        return;
    if (!sorts_alike(statement)) {
        insert_taken(&sorter, taken);
        return;
    }
    sorter.scratch = NEW_ARRAY(&link->arena, struct taken_section, taken->count);
    sort_taken(&sorter, taken->at, taken->count);
}
