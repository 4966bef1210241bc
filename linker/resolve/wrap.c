/* SPDX-License-Identifier: MIT
 *
 * Names that mean others: --wrap, and the symbols of an image that is there already (-R).
 *
 * --wrap=f lets a program put its own function around another's:
 *
 *     boot.o: call f           ->  call __wrap_f
 *     wrap.o: call __real_f    ->  call f
 *
 * Only references change, and in GNU ld only in objects that do not define the name themselves:
 * there the assembler's reference is to the definition. So it is done where an object's undefined
 * symbol gets its global. lld does it when all is loaded, by the names as they are, and then to
 * references in the object that defines the name, too; a name that nobody has is not wrapped. An
 * expression of a script refers too, and looks its names up later, so it asks again; what a script
 * assigns, and what -u, EXTERN and ENTRY name, is what it is called. */
#include "resolve/wrap.h"

#include "ask.h"
#include "resolve/lazy.h"
#include "resolve/symbols.h"

#include <string.h>

static void add_meaning(struct link *link, const char *name, const char *other)
{
    bool is_new;
    names_add(&link->wraps, name, strlen(name), &is_new);
    if (is_new)
        *list_add(&link->arena, &link->wrapped) = other;
}

static const char *wrapper_of(struct link *link, const char *name)
{
    return arena_format(&link->arena, "__wrap_%s", name);
}

static const char *real_of(struct link *link, const char *name)
{
    return arena_format(&link->arena, "__real_%s", name);
}

static void add_wrap(struct link *link, const char *name)
{
    add_meaning(link, name, wrapper_of(link, name));
    add_meaning(link, real_of(link, name), name);
}

void open_wraps(struct link *link)
{
    const welt_options *given = &link->set->given;
    names_open(&link->wraps, &link->arena);
    for (size_t i = 0; i < given->wrap_count; i++)
        add_wrap(link, given->wraps[i]);
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

/* ---- lld: when all is loaded ---- */

static bool is_weak(const struct global *global)
{
    return global->state == GLOBAL_WEAK_UNDEFINED || global->state == GLOBAL_WEAK_DEFINED;
}

/* A reference as strong as what it referred to before. */
static void refer_instead(struct global *global, const struct global *before)
{
    global->referenced = true;
    if (global->state == GLOBAL_WEAK_UNDEFINED && !is_weak(before))
        global->state = GLOBAL_UNDEFINED;
}

static void ask_for(struct link *link, struct lazy *lazy, const char *name, uint32_t before)
{
    uint32_t index = global_intern(link, name, (uint32_t)strlen(name));
    refer_instead(&link->globals.at[index], &link->globals.at[before]);
    lazy_ask(lazy, name);
}

static void ask_for_wrapped(struct link *link, struct lazy *lazy, const char *name)
{
    uint32_t global = global_find(link, name);
    ask_for(link, lazy, wrapper_of(link, name), global);
    uint32_t real = global_find(link, real_of(link, name));
    if (real != NONE)
        ask_for(link, lazy, name, real);
}

void wrap_loaded(struct link *link, struct lazy *lazy)
{
    const welt_options *given = &link->set->given;
    for (size_t i = 0; i < given->wrap_count; i++)
        if (global_find(link, given->wraps[i]) != NONE)
            ask_for_wrapped(link, lazy, given->wraps[i]);
    names_open(&link->wraps, &link->arena);
    for (size_t i = 0; i < given->wrap_count; i++)
        if (global_find(link, given->wraps[i]) != NONE)
            add_wrap(link, given->wraps[i]);
    for (size_t i = 0; i < link->inputs.count; i++)
        redirect_wrapped(link, &link->inputs.at[i]);
}

void redirect_wrapped(struct link *link, struct input *input)
{
    const struct object *object = input->object;
    if (!link->set->lld || !link->wrapped.count)
        return;
    input->globals = NEW_ARRAY(&link->arena, uint32_t, object->symbol_count);
    memcpy(input->globals, input->named, object->symbol_count * sizeof *input->globals);
    for (uint32_t s = object->first_global; s < object->symbol_count; s++) {
        const struct symbol *symbol = &object->symbols[s];
        if (input->named[s] == NONE || !meaning(link, symbol->name, symbol->name_size))
            continue;
        uint32_t global = global_intern_wrapped(link, symbol->name, symbol->name_size);
        refer_instead(&link->globals.at[global], &link->globals.at[input->named[s]]);
        input->globals[s] = global;
    }
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
