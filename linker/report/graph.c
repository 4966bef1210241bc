/* SPDX-License-Identifier: MIT
 *
 * The graph of references between rows: see graph.h. Edges are counted in one pass and stored in a
 * second one, so that they take four bytes each. */
#include "report/graph.h"

#include "ask.h"

typedef void edge_taker(struct graph *graph, uint32_t from, uint32_t to);

/* ---- rows of atoms ---- */

static uint32_t leader_of(const struct link *link, uint32_t atom, uint64_t *offset)
{
    while (link->atoms[atom].leader != atom) {
        *offset += link->atoms[atom].leader_offset;
        atom = link->atoms[atom].leader;
    }
    return atom;
}

uint32_t graph_row_at(const struct graph *graph, uint32_t atom, uint64_t offset)
{
    atom = leader_of(graph->link, atom, &offset);
    uint32_t low = graph->row_of_atom[atom];
    if (low == NONE || graph->atom_nodes[atom] == NONE)
        return low;
    uint32_t high = low + graph->row_counts[atom];
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (graph->report->rows.at[middle].in_atom <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void number_nodes(struct graph *graph)
{
    struct link *link = graph->link;
    const struct report_row *rows = graph->report->rows.at;
    graph->row_of_atom = NEW_ARRAY(graph->arena, uint32_t, link->atom_count + 1u);
    graph->row_counts = NEW_ARRAY(graph->arena, uint32_t, link->atom_count + 1u);
    graph->atom_nodes = NEW_ARRAY(graph->arena, uint32_t, link->atom_count + 1u);
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        graph->row_of_atom[atom] = graph->atom_nodes[atom] = NONE;
    graph->rows = graph->nodes = (uint32_t)graph->report->rows.count;
    for (uint32_t row = 0; row < graph->rows; row++) {
        uint32_t atom = rows[row].atom;
        if (atom == NONE)
            continue;
        graph->row_counts[atom]++;
        if (graph->row_of_atom[atom] == NONE)
            graph->row_of_atom[atom] = row;
        else if (graph->atom_nodes[atom] == NONE)
            graph->atom_nodes[atom] = graph->nodes++;
    }
    graph->root = graph->nodes++;
}

/* ---- edges ---- */

/* Through a section's symbol the place that is meant is in the addend; a branch counts from behind
 * its field. */
static uint64_t place_of(const struct input *input, const struct ref *ref,
                         const struct target *target)
{
    uint8_t operation = ref_kinds[ref->kind].operation;
    if (ref->symbol == 0 || input->object->symbols[ref->symbol].kind != SYMBOL_SECTION)
        return target->offset;
    bool is_distance = operation == REF_RELATIVE || operation == REF_PLT;
    uint64_t behind = is_distance ? ref_kinds[ref->kind].width : 0;
    int64_t place = (int64_t)(target->offset + (uint64_t)target->addend + behind);
    return place < 0 ? 0 : (uint64_t)place;
}

static void take_ref(struct graph *graph, uint32_t row, const struct ref *ref, edge_taker *take)
{
    const struct link *link = graph->link;
    uint32_t atom = graph->report->rows.at[row].atom;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    struct target targets[REF_TARGETS];
    unsigned count = ref_targets(link, atom, ref, targets);
    for (unsigned i = 0; i < count; i++) {
        uint32_t to = graph_row_at(graph, targets[i].atom, place_of(input, ref, &targets[i]));
        if (to != NONE && to != row)
            take(graph, row, to);
    }
}

static void take_row(struct graph *graph, uint32_t index, edge_taker *take)
{
    const struct report_row *row = &graph->report->rows.at[index];
    if (row->atom == NONE)
        return;
    const struct atom *atom = atom_of(graph->link, row->atom);
    const struct ref *refs = atom_object(graph->link, row->atom)->refs + atom->first_ref;
    uint64_t place = atom->offset + row->in_atom;
    for (uint32_t r = first_ref_from(refs, atom->ref_count, place);
         r < atom->ref_count && refs[r].offset < place + row->size; r++)
        take_ref(graph, index, &refs[r], take);
}

/* The rows of one atom keep each other, unless they are looked at one by one. */
static void take_sections(struct graph *graph, const struct graph_cut *cut, edge_taker *take)
{
    for (uint32_t row = 0; row < graph->rows; row++) {
        uint32_t atom = graph->report->rows.at[row].atom;
        bool is_alone =
            atom == NONE || graph->atom_nodes[atom] == NONE || (cut && cut->atoms[atom]);
        if (is_alone)
            continue;
        take(graph, row, graph->atom_nodes[atom]);
        take(graph, graph->atom_nodes[atom], row);
    }
    for (size_t i = 0; cut && i < cut->count; i++)
        take(graph, cut->from[i], cut->to[i]);
}

/* The entry's row; of other roots all rows. */
static void take_roots(struct graph *graph, edge_taker *take)
{
    const struct link *link = graph->link;
    for (uint32_t row = 0; row < graph->rows; row++) {
        uint32_t atom = graph->report->rows.at[row].atom;
        if (atom == NONE || !root_reason(link, atom))
            continue;
        bool is_entry = atom == link->entry_atom && !link->atoms[atom].is_root;
        if (!is_entry || graph_row_at(graph, atom, link->entry_offset) == row)
            take(graph, graph->root, row);
    }
}

static void take_all(struct graph *graph, const struct graph_cut *cut, edge_taker *take)
{
    for (uint32_t row = 0; row < graph->rows; row++)
        take_row(graph, row, take);
    take_sections(graph, cut, take);
    take_roots(graph, take);
}

static void count_edge(struct graph *graph, uint32_t from, uint32_t to)
{
    (void)to;
    graph->first[from]++;
}

/* first[n] counts down from the end of n's edges to their beginning. */
static void store_edge(struct graph *graph, uint32_t from, uint32_t to)
{
    graph->to[--graph->first[from]] = to;
}

void graph_build(struct graph *graph, struct link *link, struct report *report, struct arena *arena,
                 const struct graph_cut *cut)
{
    *graph = (struct graph){.link = link, .report = report, .arena = arena};
    number_nodes(graph);
    graph->first = NEW_ARRAY(arena, uint32_t, graph->nodes + 1u);
    take_all(graph, cut, count_edge);
    uint32_t sum = 0;
    for (uint32_t node = 0; node <= graph->nodes; node++) {
        sum += graph->first[node];
        graph->first[node] = sum;
    }
    graph->to = NEW_ARRAY(arena, uint32_t, sum + 1u);
    take_all(graph, cut, store_edge);
}

/* ---- what is reached ---- */

uint8_t *graph_reached(const struct graph *graph)
{
    uint8_t *reached = NEW_ARRAY(graph->arena, uint8_t, graph->nodes);
    uint32_t *pending = NEW_ARRAY(graph->arena, uint32_t, graph->nodes);
    uint32_t count = 0;
    pending[count++] = graph->root;
    reached[graph->root] = 1;
    while (count) {
        uint32_t node = pending[--count];
        for (uint32_t e = graph->first[node]; e < graph->first[node + 1]; e++) {
            if (reached[graph->to[e]])
                continue;
            reached[graph->to[e]] = 1;
            pending[count++] = graph->to[e];
        }
    }
    return reached;
}
