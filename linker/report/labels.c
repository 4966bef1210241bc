/* SPDX-License-Identifier: MIT
 *
 * Symbols where they stand in the image: see labels.h. */
#include "report/labels.h"

#include "ask.h"

#include <stdlib.h>

enum { STRING_SHOWN = 40 };

/* ---- which symbols ---- */

struct spot spot_of(const struct link *link, uint32_t atom, uint64_t offset)
{
    const struct atom_state *state = &link->atoms[atom];
    while (state->leader != atom) {
        offset += state->leader_offset;
        atom = state->leader;
        state = &link->atoms[atom];
    }
    bool is_there = state->is_live && state->placed && state->output != NONE;
    return (struct spot){is_there ? atom : NONE, offset};
}

static bool is_place(const struct input *input, const struct symbol *symbol)
{
    return symbol->home == HOME_SECTION && symbol->kind != SYMBOL_SECTION &&
           symbol->kind != SYMBOL_FILE && symbol->name_size &&
           !input->section_gone[symbol->section] &&
           input->object->sections[symbol->section].atom_count;
}

/* A definition that another one has won over names nothing. */
static bool is_chosen(const struct link *link, uint32_t input, uint32_t symbol)
{
    uint32_t index = link->inputs.at[input].globals[symbol];
    if (index == NONE)
        return true;
    const struct global *global = &link->globals.at[index];
    return global->state != GLOBAL_SCRIPT && global->input == input && global->symbol == symbol;
}

static void add_symbol(struct link *link, struct arena *arena, struct labels *labels,
                       uint32_t index, uint32_t s)
{
    const struct input *input = &link->inputs.at[index];
    const struct symbol *symbol = &input->object->symbols[s];
    if (!is_place(input, symbol) || !is_chosen(link, index, s))
        return;
    uint64_t rest;
    uint32_t atom = symbol_atom(input->object, symbol, &rest);
    struct spot spot = spot_of(link, input->first_atom + atom, rest);
    if (spot.atom == NONE)
        return;
    *list_add(arena, &labels->all) =
        (struct label){.name = symbol->name,
                       .address = atom_address(link, spot.atom, spot.offset),
                       .spot = spot,
                       .input = index,
                       .symbol = s,
                       .order = (uint32_t)labels->all.count,
                       .is_data = symbol->kind == SYMBOL_OBJECT,
                       .size = symbol->size};
}

/* Numbers: what the layout or --defsym assigns, and absolute symbols of objects. */
static void add_number(struct link *link, struct arena *arena, struct labels *labels,
                       uint32_t index)
{
    const struct global *global = &link->globals.at[index];
    struct target target = global_target(link, index);
    bool by_layout = target.kind == TARGET_SCRIPT && global->settled;
    if (!by_layout && target.kind != TARGET_ABSOLUTE)
        return;
    *list_add(arena, &labels->all) = (struct label){.name = global->name,
                                                    .address = target_address(link, &target),
                                                    .spot = {NONE, 0},
                                                    .input = by_layout ? NONE : global->input,
                                                    .order = (uint32_t)labels->all.count};
}

/* ---- in order ---- */

static int compare_addresses(const void *left, const void *right)
{
    const struct label *a = left, *b = right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static int compare_spots(struct spot a, struct spot b)
{
    if (a.atom != b.atom)
        return a.atom < b.atom ? -1 : 1;
    return (a.offset > b.offset) - (a.offset < b.offset);
}

static int compare_labels(const void *left, const void *right)
{
    const struct label *a = *(const struct label *const *)left;
    const struct label *b = *(const struct label *const *)right;
    int order = compare_spots(a->spot, b->spot);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void sort_labels(struct arena *arena, struct labels *labels)
{
    size_t count = labels->all.count;
    labels->by_atom = (const struct label **)arena_array(arena, count + 1, sizeof(void *));
    if (!count)
        return;
    qsort(labels->all.at, count, sizeof *labels->all.at, compare_addresses);
    for (size_t i = 0; i < count; i++)
        if (labels->all.at[i].spot.atom != NONE)
            labels->by_atom[labels->by_atom_count++] = &labels->all.at[i];
    qsort(labels->by_atom, labels->by_atom_count, sizeof *labels->by_atom, compare_labels);
}

struct labels labels_collect(struct link *link, struct arena *arena)
{
    struct labels labels = {0};
    for (uint32_t i = 0; i < link->inputs.count; i++)
        for (uint32_t s = 1; s < link->inputs.at[i].object->symbol_count; s++)
            add_symbol(link, arena, &labels, i, s);
    for (uint32_t i = 0; i < link->globals.count; i++)
        add_number(link, arena, &labels, i);
    sort_labels(arena, &labels);
    return labels;
}

/* ---- looking them up ---- */

size_t labels_from(const struct labels *labels, struct spot spot)
{
    size_t low = 0, high = labels->by_atom_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_spots(labels->by_atom[middle]->spot, spot) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct label *label_before(const struct labels *labels, struct spot spot)
{
    size_t next = labels_from(labels, (struct spot){spot.atom, spot.offset + 1});
    if (!next || labels->by_atom[next - 1]->spot.atom != spot.atom)
        return NULL;
    const struct label *last = labels->by_atom[next - 1];
    return labels->by_atom[labels_from(labels, last->spot)]; /* the first of those at its place */
}

/* A place: of those of one address they come before the numbers, as they were collected. */
const struct label *label_at_address(const struct labels *labels, uint64_t address)
{
    size_t low = 0, high = labels->all.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (labels->all.at[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_place = low < labels->all.count && labels->all.at[low].address == address &&
                    labels->all.at[low].spot.atom != NONE;
    return is_place ? &labels->all.at[low] : NULL;
}

/* ---- names of what has no symbol ---- */

/* A common symbol's room is made by the linker, for the object that asked for it. */
uint32_t atom_owner(const struct link *link, uint32_t atom)
{
    uint32_t input = link->atoms[atom].input;
    bool is_common =
        input == link->made_input && (atom_section(link, atom)->flags & SECTION_NOBITS);
    return is_common ? link->made_owner[atom_of(link, atom)->section] : input;
}

void add_owner(struct text *text, const struct link *link, uint32_t atom)
{
    text_add(text, NAME ":(" NAME ")", link->titles[atom_owner(link, atom)],
             atom_section(link, atom)->name);
}

bool is_string_piece(const struct link *link, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    uint32_t wanted = SECTION_MERGE | SECTION_STRINGS;
    return (section->flags & wanted) == wanted && section->entsize == 1 && section->bytes;
}

static void add_character(struct text *text, unsigned char c)
{
    if (c == '\n')
        text_add(text, "\\n");
    else if (c == '\r')
        text_add(text, "\\r");
    else if (c == '"' || c == '\\')
        text_add(text, "\\%c", c);
    else if (c >= 0x20 && c < 0x7f)
        text_add(text, "%c", c);
    else
        text_add(text, "\\x%02x", c);
}

void add_string(struct text *text, const struct link *link, struct spot spot)
{
    const struct atom *atom = atom_of(link, spot.atom);
    const unsigned char *bytes = atom_section(link, spot.atom)->bytes + atom->offset;
    uint64_t end = atom->size ? atom->size - 1 : 0; /* without its NUL */
    uint64_t at = spot.offset < end ? spot.offset : end;
    text_add(text, "\"");
    for (unsigned shown = 0; at < end && shown < STRING_SHOWN; shown++)
        add_character(text, bytes[at++]);
    text_add(text, at < end ? "\"..." : "\"");
}
