/* SPDX-License-Identifier: MIT
 *
 * The names that objects share. */
#ifndef WELT_RESOLVE_SYMBOLS_H
#define WELT_RESOLVE_SYMBOLS_H

#include "link.h"

/* Joins an object to the link: its groups against those seen before, its global symbols into the
 * table. */
void add_object(struct link *link, struct object *object, bool is_runtime);
/* An object was one too many: nothing more need be read. */
bool link_is_full(const struct link *link);
/* The same for one of which only the values of symbols are taken. */
void add_symbols_only(struct link *link, struct object *object);
/* Gives a name to the script or the linker: it wins over definitions of objects, as in GNU ld. */
void define_by_script(struct link *link, const char *name, const struct statement *statement);
/* Counts a symbol as referred to, by its own name: archives are asked for it. */
void refer_to_symbol(struct link *link, const char *name);
/* The same of what a name in an expression means under --wrap. Result: the global. */
uint32_t refer_to_name(struct link *link, const char *name);
/* … of every name in an expression. */
void refer_to_names(struct link *link, const struct expr *expr);
/* … and no archive is asked. */
void use_names(struct link *link, const struct expr *expr);

#endif
