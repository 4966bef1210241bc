/* SPDX-License-Identifier: MIT
 *
 * Orphans: sections that the script does not mention.
 *
 * Requires: every section assigned that a pattern takes. Provides: outputs for the rest, each
 * behind the output section of its kind, as GNU ld places them (manual 2.40, 3.6.4.5 "Orphan
 * Sections"):
 *
 *     what is not loaded at the end; code behind .text, constants behind .rodata, data behind
 * .data, zeroed data behind .bss; where the script has none of that name, behind the last output
 * section of equal flags, else of the nearest that there are.
 *
 * In the script's list it stands behind the assignments that follow its anchor (`_edata = .;` does
 * not see it), but before a `. = …` that belongs to the next output section. */
#include "resolve/orphans.h"

#include <string.h>

enum kind { KIND_NOTE, KIND_CODE, KIND_CONSTANT, KIND_DATA, KIND_ZEROES, KIND_APART, KINDS };

static const char *const usual_names[KINDS] = {".interp", ".text", ".rodata",
                                               ".data",   ".bss",  NULL};

static enum kind kind_of(uint32_t flags)
{
    if (!(flags & SECTION_ALLOC))
        return KIND_APART;
    if (flags & SECTION_NOBITS)
        return KIND_ZEROES;
    if (flags & SECTION_NOTE)
        return KIND_NOTE;
    if (flags & SECTION_WRITE)
        return KIND_DATA;
    return flags & SECTION_EXEC ? KIND_CODE : KIND_CONSTANT;
}

/* ---- the output section of an orphan ---- */

void name_outputs(struct link *link)
{
    names_open(&link->output_names, &link->arena);
    link->output_by_name = (struct atom_list){0};
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        bool is_new;
        const char *name = link->outputs.at[i].name;
        names_add(&link->output_names, name, strlen(name), &is_new);
        if (is_new)
            *list_add(&link->arena, &link->output_by_name) = i;
    }
}

static uint32_t find_output(const struct link *link, const char *name)
{
    uint32_t number = names_find(&link->output_names, name, strlen(name));
    return number == NO_NAME ? NONE : link->output_by_name.at[number];
}

static uint32_t make_output(struct link *link, const char *name)
{
    bool is_new;
    uint32_t index = (uint32_t)link->outputs.count;
    names_add(&link->output_names, name, strlen(name), &is_new);
    *list_add(&link->arena, &link->output_by_name) = index;
    *list_add(&link->arena, &link->outputs) =
        (struct output){.name = name, .region = NONE, .load_region = NONE, .align = 1};
    return index;
}

/* Common symbols that no pattern asks for belong to .bss, whose end counts them in. */
static const char *orphan_name(const struct section *section)
{
    bool is_common = section->flags & SECTION_NOBITS && strcmp(section->name, "COMMON") == 0;
    return is_common ? ".bss" : section->name;
}

void add_orphan(struct link *link, uint32_t first_atom, uint32_t count,
                const struct section *section)
{
    const char *name = orphan_name(section);
    uint32_t index = find_output(link, name);
    if (index == NONE)
        index = make_output(link, name);
    struct output *output = &link->outputs.at[index];
    if (!output->statement)
        output->flags |= section->flags;
    for (uint32_t i = 0; i < count; i++) {
        *list_add(&link->arena, &output->orphans) = first_atom + i;
        link->atoms[first_atom + i].output = index;
    }
}

/* The outputs as a list, which orphans are put into one by one: one that comes later may find its
 * anchor among those before it. */
struct order {
    uint32_t *next; /* output -> the one behind it, or NONE; of the whole: the first */
    uint32_t whole;
    uint32_t last[KINDS]; /* the orphan of this kind that was placed last, or NONE */
};

/* ---- its anchor ---- */

/* BYTE(…) and the like count as constants. In a boot build they do not: they are signatures and
 * reserved bytes, behind which nothing may stand. */
static bool holds_data(const struct output *output)
{
    for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
         s = s->next)
        if (s->kind == STATEMENT_DATA)
            return true;
    return false;
}

/* GNU ld makes a section of the script's data read-only, unless an assignment made it before. */
static bool begins_with_data(const struct output *output)
{
    const struct statement *s = output->statement ? output->statement->body : NULL;
    while (s && s->kind != STATEMENT_DATA && s->kind != STATEMENT_ASSIGN)
        s = s->next;
    return s && s->kind == STATEMENT_DATA;
}

/* What the script's output sections hold, by their atoms: SECTION_NOBITS when all of them are. */
static void join_flags(struct link *link)
{
    bool *has_atoms = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->set->face == WELT_FACE_LD && holds_data(&link->outputs.at[i])) {
            link->outputs.at[i].flags |= SECTION_ALLOC;
            link->outputs.at[i].is_used = true;
        }
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct atom_state *state = &link->atoms[atom];
        if (state->output == NONE || state->removed != KEPT)
            continue;
        struct output *output = &link->outputs.at[state->output];
        uint32_t flags = atom_section(link, atom)->flags;
        bool has_bytes = output->is_used && !(output->flags & SECTION_NOBITS);
        output->flags |= flags;
        if (has_bytes || !(flags & SECTION_NOBITS))
            output->flags &= ~(uint32_t)SECTION_NOBITS;
        output->is_used = true;
        has_atoms[state->output] = true;
    }
    for (size_t i = 0; i < link->outputs.count; i++)
        if (has_atoms[i] && link->outputs.at[i].statement &&
            moves_dot(link->outputs.at[i].statement->body))
            link->outputs.at[i].flags |= SECTION_ALLOC;
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->outputs.at[i].is_used && !has_atoms[i] && !begins_with_data(&link->outputs.at[i]))
            link->outputs.at[i].flags |= SECTION_WRITE;
}

/* The last output section so far whose flags equal the orphan's in what the mask names. */
static uint32_t last_alike(const struct link *link, const struct order *order, uint32_t flags,
                           uint32_t mask)
{
    uint32_t found = NONE;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        const struct output *output = &link->outputs.at[i];
        bool counts = !output->is_discard && output->is_used;
        if (counts && !((output->flags ^ flags) & mask))
            found = i;
    }
    return found;
}

static uint32_t find_anchor(const struct link *link, const struct order *order, enum kind kind,
                            uint32_t flags)
{
    static const uint32_t looser[KINDS] = {
        [KIND_NOTE] = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE,
        [KIND_CODE] = SECTION_ALLOC | SECTION_NOBITS | SECTION_EXEC,
        [KIND_CONSTANT] = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE,
        [KIND_DATA] = SECTION_ALLOC | SECTION_NOBITS,
        [KIND_ZEROES] = SECTION_ALLOC,
    };
    uint32_t exact = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE | SECTION_EXEC;
    uint32_t anchor = find_output(link, usual_names[kind]);
    if (anchor != NONE && link->outputs.at[anchor].statement)
        return anchor;
    anchor = last_alike(link, order, flags, exact);
    return anchor != NONE ? anchor : last_alike(link, order, flags, looser[kind]);
}

static bool has_orphans(const struct link *link, const struct order *order,
                        const struct statement *behind)
{
    for (unsigned k = 0; k < KIND_APART; k++)
        if (order->last[k] != NONE && link->outputs.at[order->last[k]].behind == behind)
            return true;
    return false;
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
    return has_dot && (s || has_orphans(link, order, behind)) ? before_dot : behind;
}

/* ---- the order of all outputs ---- */

static void open_order(struct link *link, struct order *order)
{
    uint32_t before = order->whole = (uint32_t)link->outputs.count;
    order->next = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count + 1);
    for (unsigned k = 0; k < KINDS; k++)
        order->last[k] = NONE;
    for (uint32_t i = 0; i < order->whole; i++) {
        if (!link->outputs.at[i].statement)
            continue;
        order->next[before] = i;
        before = i;
    }
    order->next[before] = NONE;
}

static void insert_behind(struct order *order, uint32_t anchor, uint32_t orphan)
{
    uint32_t before = anchor == NONE ? order->whole : anchor;
    order->next[orphan] = order->next[before];
    order->next[before] = orphan;
}

/* What is not loaded has no place among addresses; it stands last. */
static void place_apart(struct order *order, uint32_t index)
{
    uint32_t anchor = order->last[KIND_APART];
    if (anchor == NONE)
        for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i])
            anchor = i;
    insert_behind(order, anchor, index);
    order->last[KIND_APART] = index;
}

/* The first of a kind looks for its anchor, the others follow it. */
static void place_orphan(struct link *link, struct order *order, uint32_t index)
{
    struct output *orphan = &link->outputs.at[index];
    enum kind kind = kind_of(orphan->flags);
    if (kind == KIND_APART) {
        place_apart(order, index);
        return;
    }
    uint32_t anchor = order->last[kind];
    if (anchor == NONE)
        anchor = find_anchor(link, order, kind, orphan->flags);
    bool is_orphans = anchor != NONE && !link->outputs.at[anchor].statement;
    orphan->behind =
        is_orphans ? link->outputs.at[anchor].behind : place_behind(link, order, anchor);
    insert_behind(order, anchor, index);
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
    join_flags(link);
    open_order(link, &order);
    for (uint32_t i = 0; i < order.whole; i++) {
        if (link->outputs.at[i].statement)
            continue;
        any = true;
        place_orphan(link, &order, i);
    }
    if (any)
        renumber(link, &order);
}
