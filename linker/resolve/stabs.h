/* SPDX-License-Identifier: MIT
 *
 * One .stab of those of all objects (stabs.c): what becomes of each of their records. */
#ifndef WELT_RESOLVE_STABS_H
#define WELT_RESOLVE_STABS_H

#include "resolve/made.h"

/* Provides the joined .stabstr, a section that the linker makes, and link.stabs. */
void make_stabs(struct maker *maker);
/* Requires link.atoms: takes out the records that are not needed. */
void drop_stabs(struct link *link);

#endif
