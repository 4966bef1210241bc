/* SPDX-License-Identifier: MIT
 *
 * Symbols where they stand in the image, and how what they stand for is called: for the map and the
 * listing. */
#ifndef WELT_REPORT_LABELS_H
#define WELT_REPORT_LABELS_H

#include "report/report.h"

/* A byte of an atom that is in the image. */
struct spot {
    uint32_t atom; /* NONE: nothing that is in the image */
    uint64_t offset;
};

struct label {
    const char *name;
    uint64_t address;
    struct spot spot; /* without an atom: a number, of the layout or of an object */
    uint32_t input;   /* NONE: the layout's */
    uint32_t symbol;  /* with an atom: of the input */
    uint32_t order;   /* of ties */
    bool is_data;     /* declared as an object's name: what follows is no code … */
    uint64_t size;    /* … for so many bytes; 0: up to the next label */
};

struct labels {
    LIST(struct label) all;       /* by address */
    const struct label **by_atom; /* those with an atom, by atom and offset */
    size_t by_atom_count;
};

/* Requires the address map. Labels of what was merged or folded stand at what stands for it. */
struct labels labels_collect(struct link *link, struct arena *arena);
/* The index into by_atom of the first label at or behind a spot: of its atom, of a later one, or
 * by_atom_count. */
size_t labels_from(const struct labels *labels, struct spot spot);
/* The last label of an atom at or before a spot, or NULL; the first label at an address, or NULL.
 */
const struct label *label_before(const struct labels *labels, struct spot spot);
const struct label *label_at_address(const struct labels *labels, uint64_t address);

/* Where an offset of an atom really is: leaders followed. */
struct spot spot_of(const struct link *link, uint32_t atom, uint64_t offset);

/* The input that an atom was made for: its own, but a common symbol's room is the linker's. */
uint32_t atom_owner(const struct link *link, uint32_t atom);
/* boot.o:(.text) */
void add_owner(struct text *text, const struct link *link, uint32_t atom);
/* A piece of a section of strings, from an offset on: "Hello, wor"... */
bool is_string_piece(const struct link *link, uint32_t atom);
void add_string(struct text *text, const struct link *link, struct spot spot);

#endif
