/* SPDX-License-Identifier: MIT
 *
 * The object that the linker makes (made.c), while it is being made. */
#ifndef WELT_RESOLVE_MADE_H
#define WELT_RESOLVE_MADE_H

#include "link.h"

struct maker {
    struct link *link;
    struct object *object;
    LIST(struct section) sections;
    LIST(struct atom) atoms;
    LIST(struct symbol) symbols;
    LIST(uint32_t) globals; /* beside symbols */
    LIST(struct ref) refs;
    LIST(uint32_t) owners; /* beside sections */
};

/* Adds a section of one atom, made for an input; a symbol; a reference from the newest section. The
 * results are indexes in the object. */
uint32_t made_section(struct maker *maker, struct section section, uint32_t owner);
uint32_t made_symbol(struct maker *maker, struct symbol symbol, uint32_t global);
void made_ref(struct maker *maker, struct ref ref);
/* The input for which tables are made: the first ELF file, where GNU ld keeps its own. */
uint32_t made_owner(const struct link *link);
/* Defines a global at the start of a section. */
void made_define(struct maker *maker, struct global *global, uint32_t global_index,
                 uint32_t section, uint64_t size);

void make_commons(struct maker *maker);      /* made_commons.c */
void make_got(struct maker *maker);          /* made_got.c */
void make_dynamic(struct maker *maker);      /* made_dynamic.c */
void make_unwind_index(struct maker *maker); /* made_unwind.c */
void make_unwind_end(struct maker *maker);

#endif
