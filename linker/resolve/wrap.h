/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_WRAP_H
#define WELT_RESOLVE_WRAP_H

#include "link.h"

/* Provides link.wraps. */
void open_wraps(struct link *link);
/* The global that an undefined symbol of an object, or a name in an expression, means. Requires
 * open_wraps(). */
uint32_t global_intern_wrapped(struct link *link, const char *name, uint32_t size);
/* Takes the values of an object's symbols, and nothing else of it. */
void add_values(struct link *link, struct object *object);

#endif
