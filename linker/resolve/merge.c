/* SPDX-License-Identifier: MIT
 *
 * One copy of equal strings and constants, and of a string that is another's tail.
 *
 * Requires: live pieces with their output sections. Provides: leaders: a piece that is not needed
 * has `leader` and `leader_offset`, and is live no more; leaders' alignment serves all that they
 * stand for.
 *
 *     "Hello, world\0"   offset 0     leads
 *     "world\0"                       leader "Hello, world", leader_offset 7
 *     "world\0"                       the same
 *
 * Pieces of one output section, entry size and kind are compared. Strings are sorted by their last
 * byte first, then the one before it and so on, the shortest of equal tails first, and looked at
 * from the end: every string that is a tail of another then follows one that it is a tail of. Of
 * several that would do it gets the one that sorts first, as with GNU ld, whose addresses an ELF
 * file is to have. Way not taken: GNU ld's and lld's
 * synthetic merged section, which is laid out apart from the rest; here the longest string simply
 * stays an atom in its own place. */
#include "resolve/merge_lld.h"

#include "ask.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

struct piece {
    const unsigned char *bytes;
    uint64_t size;
    uint32_t atom;
    uint64_t class; /* output, alignment, entry size, kind, packed: only equal classes meet */
    bool is_string;
};

struct piece_list LIST_OF(struct piece);

static int compare_tails(const struct piece *a, const struct piece *b)
{
    uint64_t shorter = a->size < b->size ? a->size : b->size;
    for (uint64_t i = 1; i <= shorter; i++) {
        unsigned char x = a->bytes[a->size - i], y = b->bytes[b->size - i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a->size > b->size) - (a->size < b->size);
}

static int compare_pieces(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    int order = compare_tails(a, b);
    return order ? order : (a->atom < b->atom) - (a->atom > b->atom);
}

static bool is_tail(const struct piece *tail, const struct piece *whole)
{
    if (tail->class != whole->class || tail->size > whole->size)
        return false;
    if (!tail->is_string && tail->size != whole->size)
        return false;
    return memcmp(tail->bytes, whole->bytes + (whole->size - tail->size), tail->size) == 0;
}

/* A tail's place in the whole must keep the tail's alignment. */
static bool try_lead(struct link *link, const struct piece *whole, const struct piece *piece)
{
    uint64_t offset = whole->size - piece->size;
    struct atom_state *leader = &link->atoms[whole->atom], *state = &link->atoms[piece->atom];
    if (offset & (state->align - 1))
        return false;
    if (leader->align < state->align)
        leader->align = state->align;
    state->leader = whole->atom;
    state->leader_offset = offset;
    state->is_live = false;
    state->removed = REMOVED_MERGED;
    return true;
}

static void add_piece(struct link *link, uint32_t atom, struct piece_list *pieces)
{
    const struct section *section = atom_section(link, atom);
    const struct atom_state *state = &link->atoms[atom];
    const struct atom *its = atom_of(link, atom);
    if (!state->is_live || !(section->flags & SECTION_MERGE) || !its->size || section->ref_count)
        return;
    bool is_string = section->flags & SECTION_STRINGS;
    /* GNU ld joins sections of one alignment only, which an ELF file's addresses are to show. */
    uint64_t align = link->form.pack ? 0 : section->align;
    uint64_t class =
        align << 40 | (uint64_t)state->output << 9 | (section->entsize & 0xff) << 1 | is_string;
    *list_add(&link->arena, pieces) = (struct piece){.bytes = section->bytes + its->offset,
                                                     .size = its->size,
                                                     .atom = atom,
                                                     .class = class,
                                                     .is_string = is_string};
}

/* Strings of two- and four-byte characters share tails at whole characters only, which sizes that
 * are multiples of the character's and equal classes ensure. */
void merge_pieces(struct link *link)
{
    struct piece_list pieces = {0};
    if (!link->form.merge)
        return;
    if (link->form.as_lld) {
        merge_as_lld(link);
        return;
    }
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        add_piece(link, atom, &pieces);
    if (!pieces.count)
        return;
    qsort(pieces.at, pieces.count, sizeof *pieces.at, compare_pieces);
    const struct piece *whole = &pieces.at[pieces.count - 1];
    for (size_t i = pieces.count - 1; i-- > 0;)
        if (!is_tail(&pieces.at[i], whole) || !try_lead(link, whole, &pieces.at[i]))
            whole = &pieces.at[i];
}
