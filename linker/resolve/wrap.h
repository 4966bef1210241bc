/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_WRAP_H
#define WELT_RESOLVE_WRAP_H

#include "link.h"

struct lazy;

/* Provides link.wraps. */
void open_wraps(struct link *link);
/* The same in lld's dialect, when every input is there; members of archives that only the new names
 * ask for are linked. */
void wrap_loaded(struct link *link, struct lazy *lazy);
/* Has references of an input mean what link.wraps says, also to what it defines itself. */
void redirect_wrapped(struct link *link, struct input *input);
/* The global that an undefined symbol of an object, or a name in an expression, means. Requires
 * open_wraps(). */
uint32_t global_intern_wrapped(struct link *link, const char *name, uint32_t size);
/* Takes the values of an object's symbols, and nothing else of it. */
void add_values(struct link *link, struct object *object);

#endif
