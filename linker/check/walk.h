/* SPDX-License-Identifier: MIT
 *
 * A walk over the image from its entry: what the processor may run, and what is known of its
 * registers there. See walk.c. */
#ifndef WELT_CHECK_WALK_H
#define WELT_CHECK_WALK_H

#include "ask.h"
#include "check/checks.h"
#include "support/effect.h"

enum { DEEPEST_CALL = 12, MOST_WATCHED = 256, WATCHED_WORDS = MOST_WATCHED / 64 };

/* What a function that is being run has done to the stack since it was called. */
struct frame {
    uint32_t function;  /* its address */
    uint32_t back;      /* where its caller goes on */
    uint8_t width;      /* bits of the call */
    bool is_known;      /* what is on the stack is counted */
    int pushed;         /* bytes */
    uint32_t call_span; /* where it was called, for messages */
    uint64_t call_at;
};

/* The processor before an instruction. */
struct machine {
    uint32_t address;
    uint32_t values[REG_COUNT];
    uint32_t known[REG_COUNT]; /* the bits of `values` that are known */
    uint16_t set;              /* segment registers that the program has set: 1 << register_name */
    bool direction_set;
    bool is_masked;                 /* interrupts are off */
    bool drive_saved, drive_lost;   /* DL as the BIOS gave it */
    uint64_t stored[WATCHED_WORDS]; /* bits of the watched bytes: the program wrote them */
    uint8_t depth;
    struct frame frames[DEEPEST_CALL];
};

/* An instruction on the way. */
struct step {
    const struct span *span;
    uint64_t at; /* in the span */
    struct instruction instruction;
    struct effect effect;
};

struct walk;
/* Called for each instruction before it runs. */
typedef void walk_visitor(struct walk *walk, const struct machine *machine,
                          const struct step *step);
/* Called for each return, or for a call of what was walked before, whose frame is `frame`; `width`
 * is what the return takes off the stack, in bits. */
typedef void walk_return_visitor(struct walk *walk, const struct frame *frame, unsigned width);

struct walked_function {
    uint32_t address;
    uint8_t width; /* of its return */
};

struct walk {
    struct link *link;
    struct decoder *decoder;
    walk_visitor *visit;
    walk_return_visitor *visit_return;
    void *to; /* the visitors' */
    struct span_index spans;
    uint16_t *seen; /* by file offset: the number of the step */
    LIST(struct machine) pending;
    LIST(struct walked_function) functions;
    unsigned steps, halts;

    /* memory of which machine.stored tells; set before walking */
    uint32_t watched, watched_size; /* at most MOST_WATCHED */

    /* of the step that walk_mark() was called at */
    unsigned marked;
    uint8_t marked_depth;
    struct frame marked_frames[DEEPEST_CALL];
    bool repeats; /* it may run more than once: but for jumps on carry, which retry */
};

/* Whether the entry is the runtime's, and nothing behind it is there to be found. walk_needless.c
 */
bool is_walk_needless(struct link *link);
/* Requires the image and that its entry is 16-bit code. */
void walk_from_entry(struct walk *walk);

/* Behind it: what labels lead to that it did not come by, where references show that it is 16-bit
 * code. Visits without a machine. off_the_way.c */
void walk_off_the_way(struct walk *walk, struct modes *modes);

/* Watches for ways back to the step that is being visited. */
void walk_mark(struct walk *walk, const struct machine *machine);

/* The span of the file that an address of the running program lies in, or NULL. */
/* Whether a register, or a part of it, is known, and what it holds. */
bool is_known(const struct machine *machine, uint8_t name, uint32_t mask);
/* Whether all the bytes that an instruction names are watched, and were written. */
bool is_watched(const struct walk *walk, const struct memory_use *memory);
bool is_stored(const struct walk *walk, const struct machine *machine,
               const struct memory_use *memory);
/* The place of a step, for messages. */
struct place step_place(struct link *link, const struct span *span, uint64_t at);

#endif
