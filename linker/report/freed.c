/* SPDX-License-Identifier: MIT
 *
 * What goes when a symbol goes: its own bytes, and those of whatever is reached through it alone.
 *
 *     _start -> main -> print_hex -> digits       print_hex frees itself, hex and digits;
 *                    \-> print     -> putc        putc, which both use, it does not
 *                        print_hex -> putc
 *
 * What is reached from the root only through n is what n dominates, and the tree of dominators
 * gives that for all nodes at once: the bytes of a node's subtree. Way not taken: a walk without n
 * for each n in turn, which is quadratic. The algorithm is Lengauer and Tarjan's ("A fast algorithm
 * for finding dominators in a flowgraph", TOPLAS 1979, the simple version), with loops in the place
 * of recursion: a chain of calls may be as long as the input is large. */
#include "report/graph.h"

struct tree { /* by number: nodes are counted from 0 in the order of a walk in depth */
    struct arena *arena;
    const struct graph *graph;
    uint32_t count;
    uint32_t *number; /* node -> number; NONE: not reached */
    uint32_t *node;   /* number -> node */
    uint32_t *parent, *semi, *dominator, *ancestor, *best;
    uint32_t *bucket, *next;         /* lists of those whose semidominator this is */
    uint32_t *first_before, *before; /* the edges, backwards, between numbers */
    uint32_t *path;                  /* room for compress() */
};

/* ---- the walk in depth ---- */

static void visit(struct tree *tree, uint32_t node, uint32_t parent)
{
    tree->number[node] = tree->count;
    tree->node[tree->count] = node;
    tree->parent[tree->count++] = parent;
}

static void walk(struct tree *tree, const uint8_t *gone)
{
    const struct graph *graph = tree->graph;
    uint32_t *edge = NEW_ARRAY(tree->arena, uint32_t, graph->nodes + 1u); /* the next, by number */
    uint32_t at = 0;
    visit(tree, graph->root, NONE);
    edge[0] = graph->first[graph->root];
    while (at != NONE) {
        uint32_t node = tree->node[at];
        if (edge[at] == graph->first[node + 1]) {
            at = tree->parent[at];
            continue;
        }
        uint32_t to = graph->to[edge[at]++];
        if (tree->number[to] != NONE || (to < graph->rows && gone && gone[to]))
            continue;
        visit(tree, to, at);
        at = tree->count - 1;
        edge[at] = graph->first[to];
    }
}

static void turn_edges(struct tree *tree)
{
    const struct graph *graph = tree->graph;
    uint32_t *first = NEW_ARRAY(tree->arena, uint32_t, tree->count + 1u), sum = 0;
    for (uint32_t n = 0; n < tree->count; n++)
        for (uint32_t e = graph->first[tree->node[n]]; e < graph->first[tree->node[n] + 1]; e++)
            if (tree->number[graph->to[e]] != NONE)
                first[tree->number[graph->to[e]]]++;
    for (uint32_t n = 0; n <= tree->count; n++) {
        sum += first[n];
        first[n] = sum;
    }
    tree->before = NEW_ARRAY(tree->arena, uint32_t, sum + 1u);
    for (uint32_t n = 0; n < tree->count; n++)
        for (uint32_t e = graph->first[tree->node[n]]; e < graph->first[tree->node[n] + 1]; e++)
            if (tree->number[graph->to[e]] != NONE)
                tree->before[--first[tree->number[graph->to[e]]]] = n;
    tree->first_before = first;
}

/* ---- dominators ---- */

/* Makes each node on the way up point near the top, and remember the best on its way. */
static void compress(struct tree *tree, uint32_t n)
{
    uint32_t count = 0;
    for (; tree->ancestor[tree->ancestor[n]] != NONE; n = tree->ancestor[n])
        tree->path[count++] = n;
    while (count) {
        uint32_t at = tree->path[--count], above = tree->ancestor[at];
        if (tree->semi[tree->best[above]] < tree->semi[tree->best[at]])
            tree->best[at] = tree->best[above];
        tree->ancestor[at] = tree->ancestor[above];
    }
}

static uint32_t evaluate(struct tree *tree, uint32_t n)
{
    if (tree->ancestor[n] == NONE)
        return n;
    compress(tree, n);
    return tree->best[n];
}

static void settle_bucket(struct tree *tree, uint32_t parent)
{
    for (uint32_t v = tree->bucket[parent]; v != NONE; v = tree->next[v]) {
        uint32_t u = evaluate(tree, v);
        tree->dominator[v] = tree->semi[u] < tree->semi[v] ? u : parent;
    }
    tree->bucket[parent] = NONE;
}

static void find_dominators(struct tree *tree)
{
    for (uint32_t w = tree->count - 1; w > 0; w--) {
        for (uint32_t e = tree->first_before[w]; e < tree->first_before[w + 1]; e++) {
            uint32_t u = evaluate(tree, tree->before[e]);
            if (tree->semi[u] < tree->semi[w])
                tree->semi[w] = tree->semi[u];
        }
        tree->next[w] = tree->bucket[tree->semi[w]];
        tree->bucket[tree->semi[w]] = w;
        tree->ancestor[w] = tree->parent[w];
        settle_bucket(tree, tree->parent[w]);
    }
    for (uint32_t w = 1; w < tree->count; w++)
        if (tree->dominator[w] != tree->semi[w])
            tree->dominator[w] = tree->dominator[tree->dominator[w]];
}

/* ---- the whole ---- */

static uint32_t *new_numbers(struct arena *arena, uint32_t count)
{
    uint32_t *numbers = NEW_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = NONE;
    return numbers;
}

static void open_tree(struct tree *tree, const struct graph *graph)
{
    uint32_t nodes = graph->nodes;
    *tree = (struct tree){.arena = graph->arena, .graph = graph};
    tree->number = new_numbers(tree->arena, nodes);
    tree->node = new_numbers(tree->arena, nodes);
    tree->parent = new_numbers(tree->arena, nodes);
    tree->dominator = NEW_ARRAY(tree->arena, uint32_t, nodes);
    tree->ancestor = new_numbers(tree->arena, nodes);
    tree->bucket = new_numbers(tree->arena, nodes);
    tree->next = new_numbers(tree->arena, nodes);
    tree->path = NEW_ARRAY(tree->arena, uint32_t, nodes);
    tree->semi = NEW_ARRAY(tree->arena, uint32_t, nodes);
    tree->best = NEW_ARRAY(tree->arena, uint32_t, nodes);
    for (uint32_t n = 0; n < nodes; n++)
        tree->semi[n] = tree->best[n] = n;
}

uint64_t *graph_freed(const struct graph *graph, const struct report_budget *budget,
                      const uint8_t *gone)
{
    struct tree tree;
    uint64_t *freed = NEW_ARRAY(graph->arena, uint64_t, graph->nodes);
    open_tree(&tree, graph);
    walk(&tree, gone);
    turn_edges(&tree);
    find_dominators(&tree);
    for (uint32_t n = tree.count - 1; n > 0; n--) {
        uint32_t node = tree.node[n];
        if (node < graph->rows && budget_counts(budget, &graph->report->rows.at[node]))
            freed[node] += graph->report->rows.at[node].size;
        freed[tree.node[tree.dominator[n]]] += freed[node];
    }
    return freed;
}
