/* SPDX-License-Identifier: MIT
 *
 * Names that mean others: --wrap, and the symbols of an image that is there already (-R).
 *
 * --wrap=f lets a program put its own function around another's:
 *
 *     boot.o: call f           ->  call __wrap_f
 *     wrap.o: call __real_f    ->  call f
 *
 * Only references change, and only in objects that do not define the name themselves: there the
 * assembler's reference is to the definition (GNU ld does the same). So it is done where an
 * object's undefined symbol gets its global. An expression of a script refers too, and looks its
 * names up later, so it asks again; what a script assigns, and what -u, EXTERN and ENTRY name, is
 * what it is called. */
#include "resolve/wrap.h"

#include "ask.h"
#include "resolve/symbols.h"

#include <string.h>

static void add_meaning(struct link *link, const char *name, const char *other)
{
    bool is_new;
    names_add(&link->wraps, name, strlen(name), &is_new);
    if (is_new)
        *list_add(&link->arena, &link->wrapped) = other;
}

void open_wraps(struct link *link)
{
    const welt_options *given = &link->set->given;
    names_open(&link->wraps, &link->arena);
    for (size_t i = 0; i < given->wrap_count; i++) {
        const char *name = given->wraps[i];
        add_meaning(link, name, arena_format(&link->arena, "__wrap_%s", name));
        add_meaning(link, arena_format(&link->arena, "__real_%s", name), name);
    }
}

/* NULL: the name means itself. */
static const char *meaning(const struct link *link, const char *name, size_t size)
{
    uint32_t number = link->wrapped.count ? names_find(&link->wraps, name, size) : NO_NAME;
    return number == NO_NAME ? NULL : link->wrapped.at[number];
}

uint32_t global_intern_wrapped(struct link *link, const char *name, uint32_t size)
{
    const char *other = meaning(link, name, size);
    return other ? global_intern(link, other, (uint32_t)strlen(other))
                 : global_intern(link, name, size);
}

uint32_t global_find_wrapped(const struct link *link, const char *name)
{
    const char *other = meaning(link, name, strlen(name));
    return global_find(link, other ? other : name);
}

/* ---- -R ---- */

/* A definition becomes a number, and what else the object has is forgotten. */
static void keep_value(const struct object *object, struct symbol *symbol)
{
    if (symbol->home == HOME_SECTION)
        symbol->value += object->sections[symbol->section].address;
    else if (symbol->home != HOME_ABSOLUTE)
        symbol->binding = BIND_LOCAL;
    symbol->home = HOME_ABSOLUTE;
    symbol->section = 0;
}

void add_values(struct link *link, struct object *object)
{
    for (uint32_t i = 1; i < object->symbol_count; i++)
        keep_value(object, &object->symbols[i]);
    object->section_count = 1;
    object->atom_count = object->ref_count = object->group_count = 0;
    add_symbols_only(link, object);
}
