/* SPDX-License-Identifier: MIT
 *
 * Orphans: sections that the script does not mention.
 *
 * Requires: every section assigned that a pattern takes. Provides: outputs for the rest, behind the last output
 * section of their kind. GNU ld's manual (2.40, 3.6.4.5 "Orphan Sections") says "after a section of the same kind":
 * code after code, constants after constants, data after data, zeroed data last. An orphan stays in the memory
 * region of the section that it follows. */
#include "resolve/orphans.h"

#include <string.h>

enum kind { KIND_CODE, KIND_CONSTANT, KIND_DATA, KIND_ZEROES };

static enum kind kind_of(uint32_t flags)
{
    if (flags & SECTION_EXEC)
        return KIND_CODE;
    if (flags & SECTION_NOBITS)
        return KIND_ZEROES;
    return flags & SECTION_WRITE ? KIND_DATA : KIND_CONSTANT;
}

static uint32_t find_output(const struct link *link, const char *name)
{
    for (uint32_t i = 0; i < link->outputs.count; i++)
        if (!link->outputs.at[i].is_discard && strcmp(link->outputs.at[i].name, name) == 0)
            return i;
    return NONE;
}

void add_orphan(struct link *link, uint32_t first_atom, uint32_t count,
                const struct section *section)
{
    uint32_t index = find_output(link, section->name);
    if (index == NONE) {
        index = (uint32_t)link->outputs.count;
        *list_add(&link->arena, &link->outputs) = (struct output){
            .name = section->name, .region = NONE, .load_region = NONE, .align = 1};
    }
    struct output *output = &link->outputs.at[index];
    if (!output->statement)
        output->flags |= section->flags;
    for (uint32_t i = 0; i < count; i++) {
        *list_add(&link->arena, &output->orphans) = first_atom + i;
        link->atoms[first_atom + i].output = index;
    }
}

/* What the script's output sections hold, by their atoms; needed before layout to find a kind's last one. */
static void join_flags(struct link *link)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        struct atom_state *state = &link->atoms[atom];
        if (state->output != NONE && state->removed == KEPT)
            link->outputs.at[state->output].flags |= atom_section(link, atom)->flags;
    }
}

/* An empty output section of the script shows its kind by its usual name. */
static enum kind kind_of_output(const struct output *output)
{
    static const struct {
        const char *name;
        enum kind kind;
    } usual[] = {{".text", KIND_CODE}, {".rodata", KIND_CONSTANT}, {".data", KIND_DATA},
                 {".bss", KIND_ZEROES}};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strcmp(output->name, usual[i].name) == 0)
            return usual[i].kind;
    return kind_of(output->flags);
}

/* The output behind which an orphan goes: the last of its kind, else of the nearest kind before it, else of
 * any; NONE when there is no output at all. Signatures and reserved bytes are no company. */
static uint32_t predecessor(const struct link *link, const struct output *orphan, size_t count,
                            const uint32_t *order)
{
    enum kind wanted = kind_of(orphan->flags);
    uint32_t best = NONE;
    int best_kind = -1;
    for (uint32_t i = 0; i < count; i++) {
        const struct output *output = &link->outputs.at[order[i]];
        bool is_company = !output->is_discard && strcmp(output->name, ".signature") != 0 &&
                          strncmp(output->name, ".reserved", 9) != 0 &&
                          (output->flags & SECTION_ALLOC || !output->statement ||
                           output->orphans.count || kind_of_output(output) != KIND_CONSTANT ||
                           strcmp(output->name, ".rodata") == 0);
        if (!is_company)
            continue;
        int kind = (int)kind_of_output(output);
        if (kind <= (int)wanted && kind >= best_kind) {
            best = i;
            best_kind = kind;
        }
    }
    return best;
}

static void insert_after(uint32_t *order, size_t count, uint32_t position, uint32_t output)
{
    size_t to = position == NONE ? 0 : position + 1;
    memmove(order + to + 1, order + to, (count - to) * sizeof *order);
    order[to] = output;
}

static void renumber(struct link *link, const uint32_t *order)
{
    size_t count = link->outputs.count;
    struct output *sorted = NEW_ARRAY(&link->arena, struct output, count);
    uint32_t *moved = NEW_ARRAY(&link->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = link->outputs.at[order[i]];
        moved[order[i]] = i;
    }
    link->outputs.at = sorted;
    link->outputs.room = count;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE)
            link->atoms[atom].output = moved[link->atoms[atom].output];
}

void place_orphans(struct link *link)
{
    join_flags(link);
    size_t count = link->outputs.count, placed = 0;
    uint32_t *order = NEW_ARRAY(&link->arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        if (link->outputs.at[i].statement)
            order[placed++] = i;
    if (placed == count)
        return;
    for (uint32_t i = 0; i < count; i++) {
        if (link->outputs.at[i].statement)
            continue;
        insert_after(order, placed, predecessor(link, &link->outputs.at[i], placed, order), i);
        placed++;
    }
    renumber(link, order);
}
