/* SPDX-License-Identifier: MIT
 *
 * Patterns that sort differently in one statement, as GNU ld takes them: into a binary tree that it
 * never balances. Each section, as it comes, goes down from the root, to the left of what its own
 * pattern calls greater, whichever pattern took that, else to the right; what is not sorted goes to
 * the far right. What several of the patterns match goes in by each, and counts where it comes
 * first.
 *
 *     *(.c SORT(.a* .b))      comes: .c .b .a1 .a2        .c
 *                                                        /
 *                                                      .b        is: .a1 .a2 .b .c
 *                                                      /
 *                                                    .a1 - .a2
 *
 * What comes of it is in no single order, so there is nothing to search by halves. But all that is
 * to the right of one another is a spine, which grows at its end only, and each node is the top of
 * another, on its left. Of each 256 on a spine the greatest is known in every order that the
 * patterns have: where that is no greater than the section they are passed over.
 *
 * Requires: what the statement took, in the order of files, sections and patterns. */
#include "resolve/sort_taken.h"

#include <string.h>

enum { BLOCK_SIZE = 256, WORTH_PASSING = 8 };

/* An order that some of the patterns have. */
struct way {
    const struct section_pattern *pattern; /* one of them */
    bool is_total; /* of three, if b is no less than a and c no less than b, c is no less than a */
};

struct node {
    struct taken_section its;
    uint32_t left; /* the spine on its left, or NONE */
};

struct spine {
    LIST(struct node) nodes;
    struct taken_list greatest; /* of each block by each way */
};

struct tree {
    struct link *link;
    const struct statement *statement;
    LIST(struct way) ways;
    uint32_t *way_of; /* pattern -> index into ways */
    LIST(struct spine) spines;
};

/* Names without a number stand among those with one by their letters, which the numbers need not
 * agree with. */
static bool is_total(const struct section_pattern *pattern)
{
    return pattern->sort != SORT_INIT_PRIORITY && pattern->sort_within != SORT_INIT_PRIORITY;
}

static void find_ways(struct tree *tree)
{
    const struct statement *s = tree->statement;
    struct arena *arena = &tree->link->arena;
    tree->way_of = NEW_ARRAY(arena, uint32_t, s->section_count);
    for (uint32_t i = 0; i < s->section_count; i++) {
        uint32_t way = 0;
        while (way < tree->ways.count &&
               !patterns_sort_alike(tree->ways.at[way].pattern, &s->sections[i]))
            way++;
        if (way == tree->ways.count)
            *list_add(arena, &tree->ways) =
                (struct way){&s->sections[i], is_total(&s->sections[i])};
        tree->way_of[i] = way;
    }
}

static int compare(const struct tree *tree, const struct section_pattern *pattern,
                   const struct taken_section *a, const struct taken_section *b)
{
    return compare_taken(tree->link, tree->statement, pattern, a, b);
}

/* The first on a spine that is greater, or its end. */
static size_t first_greater(const struct tree *tree, const struct spine *spine,
                            const struct taken_section *its)
{
    uint32_t way = tree->way_of[its->pattern - tree->statement->sections];
    bool may_pass = tree->ways.at[way].is_total;
    size_t i = 0;
    while (i < spine->nodes.count) {
        const struct taken_section *greatest =
            &spine->greatest.at[i / BLOCK_SIZE * tree->ways.count + way];
        bool begins_block = i % BLOCK_SIZE == 0 && spine->nodes.count - i >= WORTH_PASSING;
        if (may_pass && begins_block && compare(tree, its->pattern, its, greatest) >= 0)
            i += BLOCK_SIZE;
        else if (compare(tree, its->pattern, its, &spine->nodes.at[i].its) < 0)
            return i;
        else
            i++;
    }
    return spine->nodes.count;
}

static void append(struct tree *tree, struct spine *spine, const struct taken_section *its)
{
    struct arena *arena = &tree->link->arena;
    size_t first = spine->nodes.count / BLOCK_SIZE * tree->ways.count;
    bool begins_block = spine->nodes.count % BLOCK_SIZE == 0;
    *list_add(arena, &spine->nodes) = (struct node){*its, NONE};
    for (size_t w = 0; w < tree->ways.count; w++) {
        if (begins_block)
            *list_add(arena, &spine->greatest) = *its;
        else if (compare(tree, tree->ways.at[w].pattern, its, &spine->greatest.at[first + w]) > 0)
            spine->greatest.at[first + w] = *its;
    }
}

static uint32_t add_spine(struct tree *tree)
{
    *list_add(&tree->link->arena, &tree->spines) = (struct spine){0};
    return (uint32_t)tree->spines.count - 1;
}

static void insert(struct tree *tree, const struct taken_section *its)
{
    uint32_t spine = 0;
    size_t i;
    while ((i = first_greater(tree, &tree->spines.at[spine], its)) <
           tree->spines.at[spine].nodes.count) {
        uint32_t left = tree->spines.at[spine].nodes.at[i].left;
        if (left == NONE) {
            left = add_spine(tree);
            tree->spines.at[spine].nodes.at[i].left = left;
        }
        spine = left;
    }
    append(tree, &tree->spines.at[spine], its);
}

/* ---- the tree from left to right ---- */

struct step { /* the way back from a spine: the node that it is on the left of */
    uint32_t spine, node;
    bool is_left_done;
};

struct walk {
    struct tree *tree;
    LIST(struct step) steps;
    struct names seen; /* atoms */
    struct taken_list *order;
};

static void take_once(struct walk *walk, const struct taken_section *its)
{
    bool is_new;
    names_add(&walk->seen, (const char *)&its->atom, sizeof its->atom, &is_new);
    if (is_new)
        walk->order->at[walk->order->count++] = *its;
}

/* One step of the walk; the tree may be as deep as it has sections. */
static void go_on(struct walk *walk)
{
    struct step *step = &walk->steps.at[walk->steps.count - 1];
    const struct spine *spine = &walk->tree->spines.at[step->spine];
    if (step->node == spine->nodes.count) {
        walk->steps.count--;
        return;
    }
    const struct node *node = &spine->nodes.at[step->node];
    if (node->left != NONE && !step->is_left_done) {
        step->is_left_done = true;
        *list_add(&walk->tree->link->arena, &walk->steps) = (struct step){.spine = node->left};
        return;
    }
    take_once(walk, &node->its);
    step->node++;
    step->is_left_done = false;
}

void sort_by_tree(struct link *link, const struct statement *statement, struct taken_list *taken)
{
    struct tree tree = {.link = link, .statement = statement};
    struct walk walk = {.tree = &tree, .order = taken};
    find_ways(&tree);
    add_spine(&tree);
    for (size_t i = 0; i < taken->count; i++)
        insert(&tree, &taken->at[i]);
    taken->count = 0;
    names_open(&walk.seen, &link->arena);
    *list_add(&link->arena, &walk.steps) = (struct step){0};
    while (walk.steps.count)
        go_on(&walk);
}
