/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_INPUTS_H
#define WELT_RESOLVE_INPUTS_H

#include "link.h"

/* The entry's name when it does not depend on what the inputs define, else NULL (entry.c). */
const char *known_entry(const struct link *link);
/* Decides the entry's name while archives can still be searched for it (entry.c). */
void name_entry(struct link *link);

#endif
