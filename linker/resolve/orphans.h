/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_ORPHANS_H
#define WELT_RESOLVE_ORPHANS_H

#include "link.h"

/* ---- orphan_outputs.c ---- */

/* Provides the table by which add_orphan() finds output sections. Requires those of the script. */
void name_outputs(struct link *link);
/* The first of that name, or NONE. */
uint32_t output_named(const struct link *link, const char *name);
/* Whether only /DISCARD/ may take a section, which otherwise makes an output section of its own. */
bool stands_alone(const struct link *link, const struct section *section);
/* Takes a section that no pattern took: into the output section of its name, which is made when
 * there is none. */
void add_orphan(struct link *link, uint32_t first_atom, uint32_t count,
                const struct section *section);
/* ---- orphans.c ---- */

/* Moves the output sections that add_orphan() made to where they belong. */
void place_orphans(struct link *link);

#endif
