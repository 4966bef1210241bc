/* SPDX-License-Identifier: MIT
 *
 * Instructions that find a thread's variable through a loader, and what they become without one. */
#ifndef WELT_INPUT_THREAD_LOADS_H
#define WELT_INPUT_THREAD_LOADS_H

#include "input/object.h"

/* Both texts are one instruction or two, byte by byte, and as long as each other:
 *
 *     8b       this byte
 *     05r      this one, with a register in bits 3 to 5;  c0b: in bits 0 to 2;  80d: in both
 *     48R      a REX prefix, with the register's high bit for bits 3 to 5;  48B, 48D: likewise
 *     80x      bits 0 to 2 say which register is the base: any but %esp
 *     @@@@     the reference's field, four bytes;  @: it has none, but stands here
 *     ....     the field of the call, a reference of its own that goes with it */
struct thread_load {
    uint8_t architecture;
    uint8_t dialects;    /* whose it is: bits of enum thread_dialect */
    uint16_t native;     /* the type of the reference */
    uint16_t turns_into; /* … and what it is in the new instruction; 0: none is in it */
    const char *was, *becomes;
};

enum thread_dialect { THREAD_GNU = 1, THREAD_LLD = 2, THREAD_BOTH = 3 };

extern const struct thread_load thread_loads[];
extern const unsigned thread_load_count;

/* Where the reference stands from the instructions' first byte, and how long they are. */
unsigned thread_load_before(const char *text);
unsigned thread_load_size(const char *text);

/* The row for a REF_THREAD_LOAD, or NULL: nobody knows the instructions around it. */
const struct thread_load *thread_load_of(const struct object *object, const struct section *section,
                                         const struct ref *ref, bool as_lld);

/* Is it the field of a call that goes when the reference before it is rewritten? */
bool ref_is_of_thread_call(const struct object *object, const struct section *section,
                           const struct ref *ref);

/* Writes the new instructions over the old ones, whose reference is at `field`. Result: how far
 * behind it the new field stands. */
int thread_load_rewrite(const struct thread_load *load, unsigned char *field);

#endif
