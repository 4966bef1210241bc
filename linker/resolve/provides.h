/* SPDX-License-Identifier: MIT
 *
 * What PROVIDE offers. */
#ifndef WELT_RESOLVE_PROVIDES_H
#define WELT_RESOLVE_PROVIDES_H

#include "link.h"

/* All that the script offers; nothing is added to it later. */
struct offers *offers_open(struct link *link);
/* Defines what somebody needs, and what that needs; true when something new was defined. */
bool apply_offers(struct offers *offers);

#endif
