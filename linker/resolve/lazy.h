/* SPDX-License-Identifier: MIT
 *
 * Archives in lld's dialect: their members lie ready for whatever asks for them, before or after.
 */
#ifndef WELT_RESOLVE_LAZY_H
#define WELT_RESOLVE_LAZY_H

#include "resolve/library.h"

struct lazy;

struct lazy *lazy_open(struct link *link);
/* Links the members that something asks for already; the others are offered from now on. */
void lazy_offer(struct lazy *lazy, struct library *library);
/* Links what the inputs from `first` on, which were added just now, ask for. */
void lazy_follow(struct lazy *lazy, size_t first);
/* Links the member that a name was offered by, if something asks for it, and what that asks for. */
void lazy_ask(struct lazy *lazy, const char *name);

#endif
