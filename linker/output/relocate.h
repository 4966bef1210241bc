/* SPDX-License-Identifier: MIT
 *
 * A place in the image that depends on an address, while it is being filled in; and the bytes of
 * one output section, for files beside the image. */
#ifndef WELT_OUTPUT_RELOCATE_H
#define WELT_OUTPUT_RELOCATE_H

#include "ask.h"

struct field {
    const struct input *input;
    const struct section *section;
    const struct ref *ref;
    const struct ref_kind *kind; /* the reference's, or what relax() made of it */
    struct target target;
    uint32_t atom;
    uint64_t offset; /* in the atom */
    unsigned char *bytes;
};

/* Rewrites the instruction around a field that needs no slot of the GOT, and makes the field one of
 * the new instruction. Requires its target, and that ref_wants_slot() says no. relax.c */
void relax(const struct link *link, struct field *field);

/* The same of a field that finds a thread's variable through a loader. Provides whether the new
 * instruction still has a field. Requires that thread_load_of() knows it. relax.c */
bool relax_thread(const struct link *link, struct field *field);

/* Copies an output section's atoms and fills in what depends on addresses. */
void relocate_output(struct link *link, const struct output *output, unsigned char *to);

#endif
