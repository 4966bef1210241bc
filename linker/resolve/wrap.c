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
 * object's undefined symbol gets its global, and all later steps see nothing of it. */
#include "resolve/wrap.h"

#include "ask.h"
#include "resolve/symbols.h"

#include <string.h>

/* The number of a name in link.wraps: even for NAME, odd for __real_NAME. */
void open_wraps(struct link *link)
{
    const welt_options *given = &link->set->given;
    names_open(&link->wraps, &link->arena);
    for (size_t i = 0; i < given->wrap_count; i++) {
        bool is_new;
        const char *name = given->wraps[i];
        const char *real = arena_format(&link->arena, "__real_%s", name);
        names_add(&link->wraps, name, strlen(name), &is_new);
        if (is_new)
            names_add(&link->wraps, real, strlen(real), &is_new);
    }
}

uint32_t global_intern_wrapped(struct link *link, const char *name, uint32_t size)
{
    uint32_t number = names_find(&link->wraps, name, size);
    if (number == NO_NAME)
        return global_intern(link, name, size);
    const char *other = number % 2 ? link->wraps.all.at[number - 1].text
                                   : arena_format(&link->arena, "__wrap_%s", name);
    return global_intern(link, other, (uint32_t)strlen(other));
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
