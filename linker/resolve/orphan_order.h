/* SPDX-License-Identifier: MIT
 *
 * The output sections while orphans are put among them. Shared by orphans.c and orphan_anchors.c.
 */
#ifndef WELT_RESOLVE_ORPHAN_ORDER_H
#define WELT_RESOLVE_ORPHAN_ORDER_H

#include "link.h"

enum orphan_kind {
    KIND_NOTE,
    KIND_CODE,
    KIND_CONSTANT,
    KIND_DATA,
    KIND_ZEROES,
    KIND_THREAD,
    KIND_RELOCATIONS,
    KIND_APART,
    KIND_DEBUG,
    ORPHAN_KINDS
};

/* The outputs as a list, which orphans are put into one by one: one that comes later may find its
 * anchor among those before it. */
enum { ALIGNMENTS = 32 };

struct order {
    uint32_t *next;              /* output -> the one behind it, or NONE; of the whole: the first */
    uint32_t whole, end;         /* the list itself; the last in it */
    const bool *has_atoms;       /* of outputs */
    uint32_t last[ORPHAN_KINDS]; /* the orphan of this kind that was placed last, or NONE */
    uint32_t first_note;         /* the first run of notes: its first, or NONE */
    uint32_t notes[ALIGNMENTS];  /* … of those aligned to 2^i or more the last, or NONE */
    bool has_joined_note;        /* an orphan was put to others: from then on none goes between */
    uint32_t orphan;             /* that is being placed */
    bool *is_started; /* of outputs: orphans that the command line gives an address … */
    const struct statement *started_behind; /* … behind this, the script's last statement */
    bool has_started;                       /* any */
};

/* ---- orphan_anchors.c ---- */

enum orphan_kind kind_of_orphan(const struct output *output);
/* Provides: the flags of all output sections, as GNU ld sees them when it places orphans. Result:
 * which have any atoms. */
const bool *flag_outputs(struct link *link);
/* Of the first orphan of its kind; NONE: nothing is like it. */
uint32_t find_anchor(const struct link *link, const struct order *order, enum orphan_kind kind,
                     const struct output *orphan);

#endif
