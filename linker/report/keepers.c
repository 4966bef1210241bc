/* SPDX-License-Identifier: MIT
 *
 * Why each row is in the image: the row that refers to it first on the way from the entry, so that
 * the chain of keepers is a shortest one; or, for where the way begins, the reason.
 *
 *     _start      entry
 *     main        kept by _start
 *     hex         kept by main's section: the two came in one .text
 *
 * A walk in breadth from the entry, then from each other root. What neither reaches is there
 * because nothing was dropped (--no-gc-sections), or because it belongs to something else that
 * lives. */
#include "report/graph.h"

#include "ask.h"

struct way {
    struct graph graph;
    uint8_t *seen;
    uint32_t *queue, *through; /* through: an atom's node -> the row that reached it */
    uint32_t head, tail;
};

static void reach(struct way *way, uint32_t node, uint32_t from)
{
    struct report_row *rows = way->graph.report->rows.at;
    if (way->seen[node])
        return;
    way->seen[node] = 1;
    way->queue[way->tail++] = node;
    if (node >= way->graph.rows) {
        way->through[node] = from;
    } else if (from != NONE) {
        rows[node].by_section = from >= way->graph.rows;
        rows[node].keeper = rows[node].by_section ? way->through[from] : from;
    }
}

static void drain(struct way *way)
{
    const struct graph *graph = &way->graph;
    while (way->head < way->tail) {
        uint32_t node = way->queue[way->head++];
        for (uint32_t e = graph->first[node]; e < graph->first[node + 1]; e++)
            reach(way, graph->to[e], node);
    }
}

static void begin_at(struct way *way, bool is_entry)
{
    const struct graph *graph = &way->graph;
    struct report_row *rows = graph->report->rows.at;
    /* Edges are stored from the end: backwards they are in the order of the rows. */
    for (uint32_t e = graph->first[graph->root + 1]; e-- > graph->first[graph->root];) {
        uint32_t row = graph->to[e], atom = rows[row].atom;
        if ((atom == graph->link->entry_atom || atom == graph->link->jump_atom) != is_entry)
            continue;
        if (!way->seen[row])
            rows[row].root = root_reason(graph->link, atom);
        reach(way, row, NONE);
        if (is_entry)
            drain(way);
    }
    drain(way);
}

static const char *other_reason(const struct link *link, const struct report_row *row)
{
    if (atom_section(link, row->atom)->link)
        return "follows its section";
    return link->gc_ran ? "kept" : "nothing is dropped";
}

/* Requires rows. Provides keeper, by_section and root of each. */
void find_keepers(struct link *link, struct report *report)
{
    struct way way = {.seen = NULL};
    struct arena arena;
    arena_open(&arena, link->host);
    graph_build(&way.graph, link, report, &arena, NULL);
    way.seen = NEW_ARRAY(&arena, uint8_t, way.graph.nodes);
    way.queue = NEW_ARRAY(&arena, uint32_t, way.graph.nodes);
    way.through = NEW_ARRAY(&arena, uint32_t, way.graph.nodes);
    begin_at(&way, true);
    begin_at(&way, false);
    for (uint32_t row = 0; row < way.graph.rows; row++)
        if (!way.seen[row] && report->rows.at[row].atom != NONE)
            report->rows.at[row].root = other_reason(link, &report->rows.at[row]);
    arena_close(&arena);
}
