/* SPDX-License-Identifier: MIT
 *
 * Orphans: sections that the script does not mention.
 *
 * Requires: every section assigned that a pattern takes, and output sections of the others
 * (orphan_outputs.c). Provides: these output sections at their places: each behind its anchor
 * (orphan_anchors.c), what is not loaded at the end.
 *
 * In the script's list it stands behind the assignments that follow its anchor (`_edata = .;` does
 * not see it), but before a `. = …` that belongs to the next output section.
 *
 * One that the command line gives an address (--section-start=.signature=0x7dfe) stands at the end
 * of the script instead, whatever it is like: amid the script it would take along all that follows,
 * `.data` to 0x7e00. Others may stand behind it, as if the script named it. */
#include "resolve/orphans.h"

#include "ask.h"
#include "resolve/orphan_order.h"

#include <elf.h>
#include <string.h>

/* ---- its place in the script ---- */

static bool has_orphans(const struct link *link, const struct order *order,
                        const struct statement *behind)
{
    if (order->has_started && order->started_behind == behind)
        return true;
    for (unsigned k = 0; k < KIND_APART; k++)
        if (order->last[k] != NONE && link->outputs.at[order->last[k]].behind == behind)
            return true;
    return false;
}

/* A `. = …` before what holds something that is not loaded is not its own: `_end` and the heap
 * behind it stand in front of .comment. */
static bool takes_dot(const struct link *link, const struct order *order, const struct statement *s)
{
    uint32_t i = order->next[order->whole];
    while (i != NONE && link->outputs.at[i].statement != s)
        i = order->next[i];
    return i == NONE || !order->has_atoms[i] || link->outputs.at[i].flags & SECTION_ALLOC;
}

/* The statement behind which an orphan of this anchor is laid out; NULL: before all. The next
 * output section may be an orphan that was placed before. */
static const struct statement *place_behind(const struct link *link, const struct order *order,
                                            uint32_t anchor)
{
    bool skip_first_dot = anchor == NONE;
    const struct statement *behind = anchor == NONE ? NULL : link->outputs.at[anchor].statement;
    const struct statement *before_dot = NULL;
    const struct statement *s = behind ? behind->next : link->script->commands;
    bool has_dot = false;
    for (; s && (s->kind == STATEMENT_ASSIGN || s->kind == STATEMENT_ASSERT); s = s->next) {
        if (has_orphans(link, order, behind))
            break;
        bool is_dot = s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") == 0;
        if (is_dot && !has_dot && !skip_first_dot) {
            before_dot = behind;
            has_dot = true;
        }
        skip_first_dot &= !is_dot;
        behind = s;
    }
    bool is_next_ones = has_orphans(link, order, behind) || (s && takes_dot(link, order, s));
    return has_dot && is_next_ones ? before_dot : behind;
}

/* ---- the order of all outputs ---- */

static void append(struct order *order, uint32_t index)
{
    order->next[order->end] = index;
    order->next[index] = NONE;
    order->end = index;
}

static const struct statement *last_statement(const struct link *link)
{
    const struct statement *last = link->script->commands;
    while (last && last->next)
        last = last->next;
    return last;
}

/* A section that nobody has ends the script, too: GNU ld makes it before it looks at inputs. */
static void start_orphan(struct link *link, struct order *order, const char *name)
{
    uint32_t index = output_named(link, name);
    bool is_segment = index == NONE && name[0] != '.'; /* -Ttext-segment */
    if (is_segment)
        return;
    if (index != NONE && (link->outputs.at[index].statement || order->is_started[index]))
        return;
    order->has_started = true;
    if (index == NONE)
        return;
    link->outputs.at[index].behind = order->started_behind;
    append(order, index);
    order->is_started[index] = true;
}

static void open_order(struct link *link, struct order *order)
{
    order->whole = order->end = (uint32_t)link->outputs.count;
    order->next = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count + 1);
    order->next[order->whole] = NONE;
    order->is_started = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    order->has_started = false;
    for (unsigned k = 0; k < ORPHAN_KINDS; k++)
        order->last[k] = NONE;
    for (uint32_t i = 0; i < order->whole; i++)
        if (link->outputs.at[i].statement)
            append(order, i);
    order->started_behind = last_statement(link);
    for (uint32_t i = 0; i < link->set->given.section_start_count; i++)
        start_orphan(link, order, link->set->given.section_starts[i].section);
}

static void insert_behind(struct order *order, uint32_t anchor, uint32_t orphan)
{
    uint32_t before = anchor == NONE ? order->whole : anchor;
    order->next[orphan] = order->next[before];
    order->next[before] = orphan;
    if (before == order->end)
        order->end = orphan;
}

static void put_behind(struct link *link, struct order *order, uint32_t anchor, uint32_t index)
{
    bool is_orphans = anchor != NONE && !link->outputs.at[anchor].statement;
    link->outputs.at[index].behind =
        is_orphans ? link->outputs.at[anchor].behind : place_behind(link, order, anchor);
    insert_behind(order, anchor, index);
}

/* What is not loaded has no place among addresses: debug information stands last, what has no like
 * behind the last that is no debug information. */
static uint32_t last_anchor(const struct link *link, const struct order *order,
                            enum orphan_kind kind)
{
    uint32_t anchor = NONE;
    if (kind == KIND_DEBUG)
        return order->end == order->whole ? NONE : order->end;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i])
        if (!is_debug(link->outputs.at[i].name))
            anchor = i;
    return anchor;
}

static void place_apart(const struct link *link, struct order *order, enum orphan_kind kind,
                        uint32_t index)
{
    uint32_t anchor = kind == KIND_APART ? order->last[kind] : NONE;
    if (anchor == NONE && kind == KIND_APART)
        anchor = find_anchor(link, order, kind, &link->outputs.at[index]);
    if (anchor == NONE)
        anchor = last_anchor(link, order, kind);
    insert_behind(order, anchor, index);
    order->last[kind] = index;
}

/* ---- notes ----
 *
 * In an ELF file notes of one alignment stay together, so that one program header covers them: the
 * more aligned come first. A note goes behind the last that is aligned to as much or more, so of
 * each alignment that one is kept. Looking through all outputs for each note, as GNU ld does, takes
 * it 39 seconds for 60,000 of them.
 *
 *     .note.a  8      notes[0..2] is .note.b, notes[3] is .note.a: one aligned to 8 goes behind
 *     .note.b  4      .note.a, one aligned to 1, 2 or 4 behind .note.b, one to 16 before all */

static uint32_t largest_align(const struct link *link, const struct atom_list *atoms)
{
    uint32_t largest = 1;
    for (size_t i = 0; i < atoms->count; i++)
        if (link->atoms[atoms->at[i]].align > largest)
            largest = link->atoms[atoms->at[i]].align;
    return largest;
}

/* An orphan is placed when its first section is seen. */
static uint32_t align_of(const struct link *link, const struct output *output)
{
    uint32_t largest = 1;
    if (!output->statement)
        return link->atoms[output->orphans.at[0]].align;
    for (const struct statement *s = output->statement->body; s; s = s->next) {
        uint32_t align =
            s->kind == STATEMENT_INPUT ? largest_align(link, &link->taken[s->index]) : 1;
        largest = align > largest ? align : largest;
    }
    return largest;
}

/* Before the first note of all, which is aligned to less. */
static void insert_note_before(struct link *link, struct order *order, uint32_t first,
                               uint32_t index)
{
    uint32_t before = order->whole;
    while (order->next[before] != first)
        before = order->next[before];
    put_behind(link, order, before == order->whole ? NONE : before, index);
}

static unsigned note_rank(const struct link *link, uint32_t index)
{
    unsigned power = 0;
    for (uint32_t align = align_of(link, &link->outputs.at[index]); align > 1; align /= 2)
        power++;
    return power;
}

static bool is_loaded_note(const struct link *link, const struct order *order, uint32_t index)
{
    const struct output *output = &link->outputs.at[index];
    return !output->is_discard && output->flags & SECTION_ALLOC && order->has_atoms[index] &&
           output->native_type == SHT_NOTE;
}

static void find_notes(const struct link *link, struct order *order)
{
    order->first_note = NONE;
    order->has_joined_note = false;
    for (unsigned power = 0; power < ALIGNMENTS; power++)
        order->notes[power] = NONE;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        bool is_note = is_loaded_note(link, order, i);
        if (!is_note && order->first_note != NONE && order->has_atoms[i])
            break;
        if (!is_note)
            continue;
        if (order->first_note == NONE)
            order->first_note = i;
        unsigned rank = note_rank(link, i);
        for (unsigned power = 0; power <= rank; power++)
            order->notes[power] = i;
    }
}

/* Where it was put behind another, it is the last where that was. */
static void count_note(struct order *order, unsigned rank, uint32_t anchor, uint32_t index)
{
    if (anchor == NONE)
        order->first_note = index;
    for (unsigned power = 0; power <= rank; power++)
        if (order->notes[power] == anchor)
            order->notes[power] = index;
}

/* false: there is no other note yet, and it goes where its flags say. */
static bool place_note(struct link *link, struct order *order, uint32_t index)
{
    unsigned rank = note_rank(link, index);
    uint32_t anchor = order->notes[rank], first = order->first_note;
    if (first != NONE && anchor == NONE)
        insert_note_before(link, order, first, index);
    else if (first != NONE)
        put_behind(link, order, anchor, index);
    if (is_loaded_note(link, order, index))
        count_note(order, rank, anchor, index);
    order->has_joined_note |= first != NONE;
    return first != NONE;
}

/* What would stand before a note goes behind the last of all, so as not to part them. */
static uint32_t behind_notes(const struct link *link, const struct order *order, uint32_t anchor)
{
    uint32_t next = order->next[anchor == NONE ? order->whole : anchor], last = anchor;
    while (next != NONE && !order->has_atoms[next])
        next = order->next[next];
    if (!order->has_joined_note || next == NONE || !is_loaded_note(link, order, next))
        return anchor;
    for (uint32_t i = next; i != NONE; i = order->next[i])
        if (is_loaded_note(link, order, i))
            last = i;
    return last;
}

/* The first of a kind looks for its anchor, the others follow it. */
static void place_orphan(struct link *link, struct order *order, uint32_t index)
{
    struct output *orphan = &link->outputs.at[index];
    enum orphan_kind kind = kind_of_orphan(orphan);
    order->orphan = index;
    if (kind >= KIND_APART) {
        place_apart(link, order, kind, index);
        return;
    }
    uint32_t anchor = order->last[kind];
    if (kind == KIND_NOTE && link->form.kind != FORM_FLAT && place_note(link, order, index))
        return;
    if (anchor == NONE)
        anchor = find_anchor(link, order, kind, orphan);
    put_behind(link, order, behind_notes(link, order, anchor), index);
    order->last[kind] = index;
}

static void renumber(struct link *link, const struct order *order)
{
    uint32_t count = 0;
    struct output *sorted = NEW_ARRAY(&link->arena, struct output, order->whole);
    uint32_t *moved = NEW_ARRAY(&link->arena, uint32_t, order->whole);
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        sorted[count] = link->outputs.at[i];
        moved[i] = count++;
    }
    link->outputs.at = sorted;
    link->outputs.room = count;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE)
            link->atoms[atom].output = moved[link->atoms[atom].output];
}

void place_orphans(struct link *link)
{
    struct order order;
    bool any = false;
    order.has_atoms = flag_outputs(link);
    open_order(link, &order);
    find_notes(link, &order);
    for (uint32_t i = 0; i < order.whole; i++) {
        if (link->outputs.at[i].statement)
            continue;
        any = true;
        if (!order.is_started[i])
            place_orphan(link, &order, i);
    }
    if (any)
        renumber(link, &order);
}
