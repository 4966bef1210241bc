/* SPDX-License-Identifier: MIT
 *
 * Strings and constants that may be merged may also stand anywhere: they fill the holes that
 * alignment leaves.
 *
 *     in order       "sum " ··· table (aligned to 4) "video"      3 bytes lost
 *     packed         "video" "sum " ·  table …                     those whose sizes fit stand
 * before the table
 *
 * Atoms of ordinary sections keep their order, since programs may build tables from it. Before one
 * that is not aligned yet, a few of the movable pieces are chosen whose sizes add up to the hole,
 * modulo the alignment; which ones, a table over the remainders tells, so the choice is exact and
 * bounded. What is left over goes behind. The way not taken, sorting everything by alignment, saves
 * as much and breaks those tables. */
#include "layout/layout.h"

#include "ask.h"

#include <string.h>

enum { LARGEST_HOLE = 16, MOST_TRIED = 64 };

struct packer {
    struct pass *pass;
    const struct atom_list *atoms;
    uint8_t *used; /* beside atoms: movable pieces that were placed */
};

static bool is_movable(const struct link *link, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    return (section->flags & SECTION_MERGE) && section->atom_count > 0 && !section->ref_count &&
           link->atoms[atom].align == 1;
}

static bool is_left(const struct packer *packer, size_t index)
{
    const struct link *link = packer->pass->link;
    uint32_t atom = packer->atoms->at[index];
    return !packer->used[index] && link->atoms[atom].is_live && is_movable(link, atom);
}

static void place_piece(struct packer *packer, size_t index)
{
    packer->used[index] = 1;
    place_atom(packer->pass, packer->atoms->at[index], 0);
}

/* A subset of the pieces whose sizes add up to `hole` modulo `align`: by[r] is the piece with which
 * the remainder r was first reached, from[r] the remainder before it. Each piece is considered
 * once, so none is taken twice. */
static void fill_hole(struct packer *packer, unsigned align, unsigned hole)
{
    const struct link *link = packer->pass->link;
    size_t by[LARGEST_HOLE];
    unsigned from[LARGEST_HOLE], tried = 0;
    bool reached[LARGEST_HOLE] = {true};
    for (size_t i = 0; i < packer->atoms->count && tried < MOST_TRIED; i++) {
        if (!is_left(packer, i))
            continue;
        uint64_t size = atom_of(link, packer->atoms->at[i])->size;
        bool before[LARGEST_HOLE];
        memcpy(before, reached, sizeof before);
        tried++;
        for (unsigned r = 0; r < align; r++) {
            unsigned to = (unsigned)((r + size) % align);
            if (!before[r] || reached[to])
                continue;
            reached[to] = true;
            by[to] = i;
            from[to] = r;
        }
        if (reached[hole])
            break;
    }
    if (!reached[hole])
        return;
    for (unsigned r = hole; r; r = from[r])
        place_piece(packer, by[r]);
}

static void place_fixed(struct packer *packer, uint32_t atom)
{
    const struct atom_state *state = &packer->pass->link->atoms[atom];
    unsigned align = state->align;
    if (state->is_live && align > 1 && align <= LARGEST_HOLE) {
        unsigned hole = (unsigned)(-packer->pass->dot & (align - 1));
        if (hole)
            fill_hole(packer, align, hole);
    }
    place_atom(packer->pass, atom, 0);
}

/* Requires: the atoms of one input statement, and dot where the first may stand. Provides: all of
 * them placed. */
void place_packed(struct pass *pass, const struct atom_list *atoms)
{
    struct packer packer = {.pass = pass, .atoms = atoms};
    packer.used = NEW_ARRAY(&pass->link->arena, uint8_t, atoms->count);
    for (size_t i = 0; i < atoms->count; i++)
        if (!is_movable(pass->link, atoms->at[i]))
            place_fixed(&packer, atoms->at[i]);
    for (size_t i = 0; i < atoms->count; i++)
        if (is_left(&packer, i))
            place_piece(&packer, i);
}
