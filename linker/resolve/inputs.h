/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_INPUTS_H
#define WELT_RESOLVE_INPUTS_H

#include "link.h"

/* Decides the entry's name while archives can still be searched for it (entry.c). */
void name_entry(struct link *link);

#endif
