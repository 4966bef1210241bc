/* SPDX-License-Identifier: MIT
 *
 * Which bytes of the image's code are instructions, of which mode, and which are data that stands
 * between them. See flow.c. */
#ifndef WELT_REPORT_FLOW_H
#define WELT_REPORT_FLOW_H

#include "ask.h"
#include "report/code_bits.h"
#include "report/labels.h"
#include "support/effect.h"

/* What a byte is; an instruction's first one says its mode: BYTE_CODE + enum decoder_mode. */
enum byte_kind { BYTE_UNKNOWN, BYTE_INSIDE, BYTE_DATA, BYTE_CODE };

/* What is known of a byte before it is known what it is. */
enum byte_mark {
    MARK_LABEL = 1,
    MARK_DATA = 2,     /* declared as an object, or the operand of an instruction */
    MARK_REFERRED = 4, /* its address is somewhere */
};

/* A way through the code. */
struct way {
    const struct span *span;
    uint64_t at;                 /* in the span */
    uint64_t from;               /* where this straight run of it began */
    uint8_t mode;                /* enum decoder_mode */
    bool is_protected;           /* CR0 was written an odd number of times */
    bool has_fallen;             /* here from the instruction before */
    bool may_end;                /* … which was a call or an interrupt: it need not come back */
    bool exits;                  /* AH is 4C: int 21h ends the program */
    struct register_part loaded; /* the register that was last given a constant, if it holds it */
    uint32_t constant;
};

struct trial_piece {
    uint64_t offset;
    uint8_t length;
};

struct code_flow {
    struct link *link;
    struct arena *arena;
    struct code_bits *bits;
    uint8_t *kinds, *marks; /* by file offset */
    struct span_index spans;
    uint64_t steps_left;             /* of trials */
    uint32_t questions;              /* of references that were asked for a mode */
    uint64_t filled_from, filled_to; /* file offsets: all is known in between */

    const struct object *asked; /* is_stripped is said of it */
    bool is_stripped;

    LIST(struct way) pending;
    bool is_trial;
    LIST(struct trial_piece) pieces; /* of the trial */
    uint64_t fitting;          /* references that its instructions hold, all as whole fields */
    struct atom_list operands; /* file offsets that instructions name, not yet marked */

    uint8_t *returns; /* by file offset: flow_calls.c; NULL where nothing switches modes */

    bool has_gdt;
    uint32_t gdt, gdt_limit; /* address, last byte */
};

/* Requires the image and code_bits_open(). */
void flow_open(struct code_flow *flow, struct link *link, struct arena *arena,
               struct code_bits *bits, const struct labels *labels);

/* ---- ways, flow_ways.c ---- */

bool flow_is_code(const struct span *span);
/* Follows what begins there for sure. */
void flow_follow(struct code_flow *flow, struct way start);
/* Follows what may begin there. true: it was code, and is marked; false: nothing is. */
bool flow_try(struct code_flow *flow, struct way start);
/* One instruction after the other, whatever they lead to. */
void flow_fill(struct code_flow *flow, const struct span *span, uint64_t at, uint64_t end,
               enum decoder_mode mode);

/* ---- padding, flow_padding.c ---- */

/* The end of what an assembler fills up with to an alignment, instructions of a mode that do
 * nothing, up to the next label or what is known; 0: that is none. */
uint64_t flow_padding_end(struct code_flow *flow, const struct span *span, uint64_t at,
                          enum decoder_mode mode);

/* ---- calls, flow_calls.c ---- */

/* Once, before all ways. */
void flow_look_for_switches(struct code_flow *flow);
/* `way` stands behind a call: the mode that it goes on in. */
void flow_pass_call(struct code_flow *flow, const struct instruction *its,
                    const struct effect *effect, struct way *way);
/* 16 or 32 bits where references say so, else `mode`. */
uint8_t flow_mode_by_references(struct code_flow *flow, const struct span *span, uint64_t at,
                                uint8_t mode);

/* ---- far jumps, flow_far.c ---- */

/* Of an instruction that loads the table of segments. */
void flow_load_gdt(struct code_flow *flow, const struct effect *effect);
/* Where a far jump leads, and in which mode. false: not known. */
bool flow_far_target(struct code_flow *flow, const struct effect *effect, struct way *way);

#endif
