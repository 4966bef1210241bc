/* SPDX-License-Identifier: MIT
 *
 * Symbol resolution: which definition a name means.
 *
 * Requires: objects, read. Provides: link.globals, and for each input the way from its symbols to
 * them. The rules are the System V ABI's (generic ABI, chapter 4, "Symbol Table": binding and
 * common) with GNU ld's order of strength: a definition, a common symbol, a weak definition, a
 * reference, a weak reference. */
#include "resolve/symbols.h"

#include "ask.h"
#include "resolve/wrap.h"

#include <string.h>

uint32_t global_find(const struct link *link, const char *name)
{
    uint32_t found = names_find(&link->global_names, name, strlen(name));
    return found == NO_NAME ? NONE : found;
}

uint32_t global_intern(struct link *link, const char *name, uint32_t size)
{
    bool is_new;
    uint32_t index = names_add(&link->global_names, name, size, &is_new);
    if (is_new)
        *list_add(&link->arena, &link->globals) = (struct global){
            .name = name, .state = GLOBAL_WEAK_UNDEFINED, .input = NONE, .output = VALUE_ABSOLUTE};
    return index;
}

/* ---- COMDAT groups: the first group of a signature is linked, later ones are gone ---- */

static void settle_groups(struct link *link, struct input *input)
{
    const struct object *object = input->object;
    for (uint32_t i = 0; i < object->group_count; i++) {
        const struct group *group = &object->groups[i];
        bool is_new;
        if (!group->comdat)
            continue;
        names_add(&link->group_names, group->signature, strlen(group->signature), &is_new);
        for (uint32_t m = 0; !is_new && m < group->member_count; m++)
            input->section_gone[group->members[m]] = 1;
    }
}

/* Before there were groups, compilers put such sections under names of their own,
 * .gnu.linkonce.t.f: the first of a name is linked (GNU ld does the same). */
static void settle_linkonce(struct link *link, struct input *input)
{
    const struct object *object = input->object;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        bool is_new = true;
        if (section->name && strncmp(section->name, ".gnu.linkonce.", 14) == 0)
            names_add(&link->group_names, section->name, section->name_size, &is_new);
        input->section_gone[s] |= !is_new;
    }
}

/* ---- one symbol meets its name ---- */

static uint8_t state_of(const struct symbol *symbol, const struct input *input)
{
    bool weak = symbol->binding == BIND_WEAK;
    if (symbol->home == HOME_COMMON)
        return GLOBAL_COMMON;
    bool gone = symbol->home == HOME_SECTION && input->section_gone[symbol->section];
    if (symbol->home == HOME_UNDEFINED || gone)
        return weak ? GLOBAL_WEAK_UNDEFINED : GLOBAL_UNDEFINED;
    return weak ? GLOBAL_WEAK_DEFINED : GLOBAL_DEFINED;
}

static int strength(uint8_t state)
{
    static const int strengths[] = {
        [GLOBAL_WEAK_UNDEFINED] = 0, [GLOBAL_UNDEFINED] = 1, [GLOBAL_WEAK_DEFINED] = 2,
        [GLOBAL_COMMON] = 3,         [GLOBAL_DEFINED] = 4,   [GLOBAL_SCRIPT] = 5,
    };
    return strengths[state];
}

static struct place symbol_place(const struct link *link, uint32_t input, uint32_t index)
{
    struct place place = input_place(link, input);
    const struct object *object = link->inputs.at[input].object;
    const struct symbol *symbol = &object->symbols[index];
    place.symbol = symbol->name;
    if (symbol->home != HOME_SECTION)
        return place;
    place.origin = object;
    place.origin_section = symbol->section;
    place.section = object->sections[symbol->section].name;
    place.offset = symbol->value;
    place.has_offset = true;
    return place;
}

/* The same object among the inputs twice, by whatever path. Only the first complaints look. */
static bool is_twice(const struct link *link, const struct object *a, const struct object *b)
{
    enum { LOOKED_AT = 20 };
    return link->host->errors < LOOKED_AT && a->size == b->size &&
           (!a->size || memcmp(a->bytes, b->bytes, a->size) == 0);
}

/* A place beside the message's own. Debug information is read for what is shown alone. */
static const char *place_text(struct link *link, struct place place)
{
    const char *title =
        place.member ? arena_format(&link->arena, "%s(%s)", place.file, place.member) : place.file;
    if (!place.section)
        return title;
    const char *where = arena_format(&link->arena, "%s:(%s+0x%llx)", title, place.section,
                                     (unsigned long long)place.offset);
    if (host_shows_errors(link->host))
        host_locate(link->host, &place);
    if (place.line && place.column)
        return arena_format(&link->arena, "%s:%u:%u (%s)", place.source, place.line, place.column,
                            where);
    return place.line ? arena_format(&link->arena, "%s:%u (%s)", place.source, place.line, where)
                      : where;
}

static void complain_of_duplicate(struct link *link, const struct global *global, uint32_t input,
                                  uint32_t index)
{
    const char *where = place_text(link, symbol_place(link, global->input, global->symbol));
    const struct object *object = link->inputs.at[input].object;
    const struct object *first = link->inputs.at[global->input].object;
    const char *hint = "make one of them static or extern, or rename it";
    if (is_twice(link, object, first))
        hint = arena_format(&link->arena, "%s is the same as %s, byte by byte: name one of them",
                            object_title(&link->arena, object), object_title(&link->arena, first));
    diagnose(link->host, WELT_ERROR, "duplicate", symbol_place(link, input, index), hint,
             "symbol `%s' is defined twice: first at %s", global->name, where);
}

/* Two absolute definitions of one value are one definition (GNU ld does the same). */
static bool is_same_absolute(const struct link *link, const struct global *global,
                             const struct symbol *symbol)
{
    const struct symbol *first = &link->inputs.at[global->input].object->symbols[global->symbol];
    return first->home == HOME_ABSOLUTE && symbol->home == HOME_ABSOLUTE &&
           first->value == symbol->value;
}

static bool may_be_twice(const struct link *link, const struct global *global, uint32_t input,
                         const struct symbol *symbol)
{
    return link->set->given.allow_multiple_definition || link->inputs.at[input].is_symbols_only ||
           link->inputs.at[global->input].is_symbols_only || is_same_absolute(link, global, symbol);
}

/* The larger one says how large it is and whose it is. */
static void grow_common(struct global *global, uint32_t input, uint32_t index,
                        const struct symbol *symbol)
{
    if (symbol->size > global->value) {
        global->value = symbol->size;
        global->input = input;
        global->symbol = index;
    }
    if (symbol->value > global->align)
        global->align = symbol->value;
}

static void take_definition(struct global *global, uint8_t state, uint32_t input, uint32_t index,
                            const struct symbol *symbol)
{
    global->state = state;
    global->input = input;
    global->symbol = index;
    if (state == GLOBAL_COMMON)
        grow_common(global, input, index, symbol);
}

/* --warn-common: a common symbol meets another definition of its name. */
static void tell_of_common(struct link *link, const struct global *global, uint32_t input,
                           uint32_t index, uint8_t state)
{
    const struct symbol *symbol = &link->inputs.at[input].object->symbols[index];
    bool was_common = global->state == GLOBAL_COMMON, is_common = state == GLOBAL_COMMON;
    bool was_defined = global->state == GLOBAL_DEFINED, is_defined = state == GLOBAL_DEFINED;
    if (!link->set->given.warn_common || !(was_common || is_common) ||
        !(was_common || was_defined) || !(is_common || is_defined))
        return;
    const char *first = object_title(&link->arena, link->inputs.at[global->input].object);
    const char *how = "overridden by definition from";
    if (is_defined)
        how = "overriding common from";
    else if (was_common && symbol->size == global->value)
        how = "as large as common from";
    else if (was_common)
        how = symbol->size > global->value ? "overriding smaller common from"
                                           : "overridden by larger common from";
    diagnose(link->host, WELT_WARNING, "common", symbol_place(link, input, index), NULL,
             "%s of `%s' %s %s", is_defined ? "definition" : "common", global->name, how, first);
}

static void meet(struct link *link, uint32_t input, uint32_t index, struct global *global)
{
    const struct input *from = &link->inputs.at[input];
    const struct symbol *symbol = &from->object->symbols[index];
    uint8_t state = state_of(symbol, from);
    bool is_reference = state <= GLOBAL_WEAK_UNDEFINED;
    global->referenced |= is_reference || state == GLOBAL_COMMON;
    global->in_object |= !is_reference;
    tell_of_common(link, global, input, index, state);
    if (state == GLOBAL_DEFINED && global->state == GLOBAL_DEFINED) {
        if (!may_be_twice(link, global, input, symbol))
            complain_of_duplicate(link, global, input, index);
    } else if (state == GLOBAL_COMMON && global->state == GLOBAL_COMMON) {
        grow_common(global, input, index, symbol);
    } else if (strength(state) > strength(global->state) || global->input == NONE) {
        if (global->state != GLOBAL_SCRIPT)
            take_definition(global, state, input, index, symbol);
    }
}

static uint32_t intern_symbol(struct link *link, const struct symbol *symbol)
{
    if (symbol->home == HOME_UNDEFINED)
        return global_intern_wrapped(link, symbol->name, symbol->name_size);
    return global_intern(link, symbol->name, symbol->name_size);
}

static void add_symbols(struct link *link, uint32_t input)
{
    struct input *from = &link->inputs.at[input];
    const struct object *object = from->object;
    from->named = from->globals = NEW_ARRAY(&link->arena, uint32_t, object->symbol_count);
    for (uint32_t i = 0; i < object->symbol_count; i++) {
        const struct symbol *symbol = &object->symbols[i];
        from->globals[i] = NONE;
        if (i == 0 || symbol->binding == BIND_LOCAL || !symbol->name_size)
            continue;
        uint32_t global = intern_symbol(link, symbol);
        from->globals[i] = global;
        meet(link, input, i, &link->globals.at[global]);
    }
    redirect_wrapped(link, from);
}

/* Each has a number of 32 bits, and takes a few hundred bytes of memory before the link is made. */
enum { MOST_ATOMS = 1 << 23 };

bool link_is_full(const struct link *link)
{
    return link->atom_count > MOST_ATOMS;
}

static bool has_room(struct link *link, const struct object *object)
{
    if (link_is_full(link) || object->atom_count <= MOST_ATOMS - link->atom_count)
        return !link_is_full(link);
    link->atom_count = MOST_ATOMS + 1;
    diagnose(link->host, WELT_ERROR, "file",
             (struct place){.file = object->path, .member = object->member}, NULL,
             "with its %u sections and strings the link has more than %d", object->atom_count,
             MOST_ATOMS);
    return false;
}

static void join(struct link *link, struct input input)
{
    if (!has_room(link, input.object))
        return;
    uint32_t index = (uint32_t)link->inputs.count;
    input.first_atom = link->atom_count;
    input.section_gone = NEW_ARRAY(&link->arena, uint8_t, input.object->section_count + 1u);
    struct input *joined = list_add(&link->arena, &link->inputs);
    *joined = input;
    link->atom_count += input.object->atom_count;
    settle_groups(link, joined);
    settle_linkonce(link, joined);
    add_symbols(link, index);
}

void add_object(struct link *link, struct object *object, bool is_runtime)
{
    join(link, (struct input){.object = object, .is_runtime = is_runtime});
}

void add_symbols_only(struct link *link, struct object *object)
{
    join(link, (struct input){.object = object, .is_symbols_only = true});
}

/* ---- names that the script defines ---- */

void define_by_script(struct link *link, const char *name, const struct statement *statement)
{
    uint32_t index = global_intern(link, name, (uint32_t)strlen(name));
    struct global *global = &link->globals.at[index];
    global->state = GLOBAL_SCRIPT;
    global->statement = statement;
}

static struct global *use(struct link *link, uint32_t index)
{
    struct global *global = &link->globals.at[index];
    global->is_root = true;
    global->referenced = true;
    return global;
}

static void use_name(void *user, const char *name)
{
    use(user, global_intern_wrapped(user, name, (uint32_t)strlen(name)));
}

void use_names(struct link *link, const struct expr *expr)
{
    expr_names(expr, use_name, link);
}

static uint32_t refer_to(struct link *link, uint32_t index)
{
    struct global *global = use(link, index);
    if (global->state == GLOBAL_WEAK_UNDEFINED)
        global->state = GLOBAL_UNDEFINED;
    return index;
}

void refer_to_symbol(struct link *link, const char *name)
{
    refer_to(link, global_intern(link, name, (uint32_t)strlen(name)));
}

uint32_t refer_to_name(struct link *link, const char *name)
{
    return refer_to(link, global_intern_wrapped(link, name, (uint32_t)strlen(name)));
}

static void refer(void *user, const char *name)
{
    refer_to_name(user, name);
}

void refer_to_names(struct link *link, const struct expr *expr)
{
    expr_names(expr, refer, link);
}
