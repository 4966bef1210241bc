/* SPDX-License-Identifier: MIT
 *
 * Classes of what is equal: of members that refer to each other, the splitting gives what asking
 * everybody again until nothing changes gives. */
#include "resolve/classes.h"

#include "listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 300, REFS = 2, GRAPHS = 400 };

/* A member has a kind and refers to others. */
struct graph {
    uint32_t count, kinds[MOST], refs[MOST][REFS];
    const uint32_t *class_of;
};

static uint64_t hash_kind(const void *of, uint32_t member)
{
    return ((const struct graph *)of)->kinds[member];
}

static bool same_kind(const void *of, uint32_t left, uint32_t right)
{
    return hash_kind(of, left) == hash_kind(of, right);
}

/* Without collisions, of which each would be a class too many. */
static uint64_t hash_refs(const void *of, uint32_t member)
{
    const struct graph *graph = of;
    uint64_t hash = 0;
    for (int r = 0; r < REFS; r++)
        hash = hash * MOST * MOST + graph->class_of[graph->refs[member][r]];
    return hash;
}

static bool same_refs(const void *of, uint32_t left, uint32_t right)
{
    return hash_refs(of, left) == hash_refs(of, right);
}

/* ---- the quick way ---- */

static void look_at_referrers(struct classes *classes, const struct graph *graph)
{
    for (uint32_t i = 0; i < classes->renamed_count; i++)
        for (uint32_t member = 0; member < graph->count; member++)
            for (int r = 0; r < REFS; r++)
                if (graph->refs[member][r] == classes->renamed[i])
                    classes_look_at(classes, member);
}

static void look_at_all(struct classes *classes)
{
    for (uint32_t member = 0; member < classes->count; member++)
        classes_look_at(classes, member);
}

/* Gives how many members were looked at. */
static unsigned split(struct classes *classes, struct graph *graph, struct arena *arena)
{
    const struct sameness by_kind = {graph, hash_kind, same_kind};
    const struct sameness by_refs = {graph, hash_refs, same_refs};
    unsigned looks = 0;
    classes_open(classes, arena, graph->count);
    graph->class_of = classes->class_of;
    look_at_all(classes);
    classes_split(classes, &by_kind);
    look_at_all(classes);
    for (; classes->open_count; look_at_referrers(classes, graph)) {
        looks += classes->open_count;
        classes_split(classes, &by_refs);
    }
    return looks;
}

/* ---- the slow way: a member's class is the first one that it equals ---- */

static bool are_alike(const struct graph *graph, const uint32_t *first, uint32_t a, uint32_t b)
{
    for (int r = 0; r < REFS; r++)
        if (first[graph->refs[a][r]] != first[graph->refs[b][r]])
            return false;
    return first[a] == first[b];
}

static bool refine(const struct graph *graph, uint32_t *first)
{
    uint32_t next[MOST] = {0};
    for (uint32_t member = 0; member < graph->count; member++)
        for (next[member] = 0; !are_alike(graph, first, member, next[member]);)
            next[member]++;
    bool is_changed = memcmp(next, first, graph->count * sizeof *next) != 0;
    memcpy(first, next, graph->count * sizeof *next);
    return is_changed;
}

static void split_slowly(const struct graph *graph, uint32_t *first)
{
    for (uint32_t member = 0; member < graph->count; member++)
        for (first[member] = 0; graph->kinds[first[member]] != graph->kinds[member];)
            first[member]++;
    while (refine(graph, first))
        ;
}

/* ---- both ---- */

static void assert_same(const struct classes *classes, const uint32_t *first)
{
    uint32_t name_of[MOST], count = 0;
    for (uint32_t member = 0; member < classes->count; member++) {
        uint32_t name = classes->class_of[member];
        count += first[member] == member;
        name_of[member] = name;
        assert_int_equal(name, name_of[first[member]]);
        assert_int_equal(classes->members[classes->place[member]], member);
        assert_in_range(classes->place[member], classes->all.at[name].first,
                        classes->all.at[name].first + classes->all.at[name].count - 1);
    }
    assert_int_equal(classes->all.count, count);
}

static void compare(struct graph *graph)
{
    struct listener listener;
    struct arena arena;
    struct classes classes;
    uint32_t first[MOST] = {0};
    listener_open(&listener);
    arena_open(&arena, &listener.host);
    split(&classes, graph, &arena);
    split_slowly(graph, first);
    assert_same(&classes, first);
    arena_close(&arena);
}

static void random_graphs(void **state)
{
    (void)state;
    srand(7);
    for (int i = 0; i < GRAPHS; i++) {
        struct graph graph = {.count = 1 + (uint32_t)rand() % (MOST / (1 + i % 5))};
        int kinds = 1 + rand() % 3, near = 1 + rand() % 4, odd = 1 + rand() % 50;
        for (uint32_t member = 0; member < graph.count; member++) {
            graph.kinds[member] = (uint32_t)(rand() % 40 ? 0 : rand() % kinds);
            for (int r = 0; r < REFS; r++)
                graph.refs[member][r] =
                    (rand() % odd ? member + (uint32_t)(rand() % near) : (uint32_t)rand()) %
                    graph.count;
        }
        compare(&graph);
    }
}

/* Each but the last refers to the next: all differ, and nobody is asked for often. */
static void a_chain(void **state)
{
    struct listener listener;
    struct arena arena;
    struct classes classes;
    struct graph graph = {.count = MOST};
    (void)state;
    for (uint32_t member = 0; member < MOST; member++) {
        graph.kinds[member] = member == MOST - 1;
        for (int r = 0; r < REFS; r++)
            graph.refs[member][r] = member < MOST - 1 ? member + 1 : member;
    }
    listener_open(&listener);
    arena_open(&arena, &listener.host);
    assert_true(split(&classes, &graph, &arena) <= 2 * MOST);
    assert_int_equal(classes.all.count, MOST);
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_graphs),
        cmocka_unit_test(a_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
