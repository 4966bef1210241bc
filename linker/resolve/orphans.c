/* SPDX-License-Identifier: MIT
 *
 * Orphans: sections that the script does not mention.
 *
 * Requires: every section assigned that a pattern takes. Provides: outputs for the rest, each
 * behind the output section of its kind, as GNU ld places them (manual 2.40, 3.6.4.5 "Orphan
 * Sections"):
 *
 *     code behind .text, constants behind .rodata, data behind .data, zeroed data behind .bss;
 * where the script has none of that name, behind the last output section of equal flags, else of
 * the nearest that there are.
 *
 * In the script's list it stands behind the assignments that follow its anchor (`_edata = .;` does
 * not see it), but before a `. = …` that belongs to the next output section. */
#include "resolve/orphans.h"

#include <string.h>

enum kind { KIND_CODE, KIND_CONSTANT, KIND_DATA, KIND_ZEROES, KINDS };

static const char *const usual_names[KINDS] = {".text", ".rodata", ".data", ".bss"};

static enum kind kind_of(uint32_t flags)
{
    if (flags & SECTION_NOBITS)
        return KIND_ZEROES;
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

static uint32_t make_output(struct link *link, const struct section *section)
{
    bool is_new;
    uint32_t index = (uint32_t)link->outputs.count;
    names_add(&link->output_names, section->name, strlen(section->name), &is_new);
    *list_add(&link->arena, &link->output_by_name) = index;
    *list_add(&link->arena, &link->outputs) =
        (struct output){.name = section->name, .region = NONE, .load_region = NONE, .align = 1};
    return index;
}

void add_orphan(struct link *link, uint32_t first_atom, uint32_t count,
                const struct section *section)
{
    uint32_t index = find_output(link, section->name);
    if (index == NONE)
        index = make_output(link, section);
    struct output *output = &link->outputs.at[index];
    if (!output->statement)
        output->flags |= section->flags;
    for (uint32_t i = 0; i < count; i++) {
        *list_add(&link->arena, &output->orphans) = first_atom + i;
        link->atoms[first_atom + i].output = index;
    }
}

/* ---- its anchor ---- */

/* What the script's output sections hold, by their atoms: SECTION_NOBITS when all of them are. */
static void join_flags(struct link *link)
{
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
    }
}

/* The last output section of the script whose flags equal the orphan's in what the mask names. */
static uint32_t last_alike(const struct link *link, uint32_t flags, uint32_t mask)
{
    uint32_t found = NONE;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool counts = output->statement && !output->is_discard && output->is_used;
        if (counts && !((output->flags ^ flags) & mask))
            found = i;
    }
    return found;
}

static uint32_t find_anchor(const struct link *link, enum kind kind, uint32_t flags)
{
    static const uint32_t looser[KINDS] = {
        [KIND_CODE] = SECTION_ALLOC | SECTION_NOBITS | SECTION_EXEC,
        [KIND_CONSTANT] = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE,
        [KIND_DATA] = SECTION_ALLOC | SECTION_NOBITS,
        [KIND_ZEROES] = SECTION_ALLOC,
    };
    uint32_t exact = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE | SECTION_EXEC;
    uint32_t anchor = find_output(link, usual_names[kind]);
    if (anchor != NONE && link->outputs.at[anchor].statement)
        return anchor;
    anchor = last_alike(link, flags, exact);
    return anchor != NONE ? anchor : last_alike(link, flags, looser[kind]);
}

/* The statement behind which an orphan of this anchor is laid out; NULL: before all. */
static const struct statement *place_behind(const struct link *link, uint32_t anchor)
{
    bool skip_first_dot = anchor == NONE;
    const struct statement *behind = anchor == NONE ? NULL : link->outputs.at[anchor].statement;
    const struct statement *before_dot = NULL;
    const struct statement *s = behind ? behind->next : link->script->commands;
    bool has_dot = false;
    for (; s && (s->kind == STATEMENT_ASSIGN || s->kind == STATEMENT_ASSERT); s = s->next) {
        bool is_dot = s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") == 0;
        if (is_dot && !has_dot && !skip_first_dot) {
            before_dot = behind;
            has_dot = true;
        }
        skip_first_dot &= !is_dot;
        behind = s;
    }
    return s && has_dot ? before_dot : behind;
}

/* ---- the order of all outputs ---- */

struct anchors {
    uint32_t anchor[KINDS];
    const struct statement *behind[KINDS];
    bool known[KINDS];
};

static enum kind anchor_of(struct link *link, struct anchors *anchors, const struct output *orphan)
{
    enum kind kind = kind_of(orphan->flags);
    if (!anchors->known[kind]) {
        anchors->known[kind] = true;
        anchors->anchor[kind] = find_anchor(link, kind, orphan->flags);
        anchors->behind[kind] = place_behind(link, anchors->anchor[kind]);
    }
    return kind;
}

static void move_output(struct link *link, struct output *sorted, uint32_t *moved, uint32_t from,
                        uint32_t *to)
{
    sorted[*to] = link->outputs.at[from];
    moved[from] = (*to)++;
}

/* The script's outputs in their order, each with the orphans that it anchors behind it. */
static void sort_outputs(struct link *link, const struct anchors *anchors, const uint8_t *kinds)
{
    uint32_t count = (uint32_t)link->outputs.count, next = 0;
    struct output *sorted = NEW_ARRAY(&link->arena, struct output, count);
    uint32_t *moved = NEW_ARRAY(&link->arena, uint32_t, count);
    for (uint32_t i = NONE; i == NONE || i < count; i++) {
        if (i != NONE && !link->outputs.at[i].statement)
            break; /* the script's stand first */
        if (i != NONE)
            move_output(link, sorted, moved, i, &next);
        for (unsigned k = 0; k < KINDS; k++)
            for (uint32_t o = 0; anchors->known[k] && anchors->anchor[k] == i && o < count; o++)
                if (!link->outputs.at[o].statement && kinds[o] == k)
                    move_output(link, sorted, moved, o, &next);
    }
    link->outputs.at = sorted;
    link->outputs.room = count;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE)
            link->atoms[atom].output = moved[link->atoms[atom].output];
}

void place_orphans(struct link *link)
{
    struct anchors anchors = {0};
    uint32_t count = (uint32_t)link->outputs.count;
    uint8_t *kinds = NEW_ARRAY(&link->arena, uint8_t, count);
    bool any = false;
    join_flags(link);
    for (uint32_t i = 0; i < count; i++) {
        struct output *output = &link->outputs.at[i];
        if (output->statement)
            continue;
        any = true;
        enum kind kind = anchor_of(link, &anchors, output);
        kinds[i] = (uint8_t)kind;
        output->behind = anchors.behind[kind];
    }
    if (any)
        sort_outputs(link, &anchors, kinds);
}
