/* SPDX-License-Identifier: MIT
 *
 * Names that nobody defines.
 *
 * Requires: what is live. Provides: an error for each undefined symbol that live code refers to,
 * with every place, and what may have been meant: the nearest names, the same name with or without
 * a leading underscore, a definition that is local to another object; in a boot build a note where
 * a weak one, whose address is 0, is called. What only dead code refers to is nobody's concern. */
#include "link.h"

#include <stdlib.h>
#include <string.h>

/* A hint searches all symbols: the first names have one, or 50,000 missing ones would take minutes. */
enum { PLACES_SHOWN = 5, LONGEST_COMPARED = 64, HINTS_GIVEN = 100 };

struct use {
    uint32_t name; /* index into globals, or the symbol index of a local one */
    uint32_t atom;
    uint64_t offset;
};

struct use_list LIST_OF(struct use);

/* ---- what may have been meant ---- */

/* The number of single-letter edits between two names, or `limit` when it is at least that.
 * Levenshtein's distance over two rows; names are bounded, so hostile ones cost nothing. */
static unsigned distance(const char *a, const char *b, unsigned limit)
{
    size_t n = strlen(a), m = strlen(b);
    unsigned row[LONGEST_COMPARED + 1];
    if (n > LONGEST_COMPARED || m > LONGEST_COMPARED || (n > m ? n - m : m - n) >= limit)
        return limit;
    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            unsigned shorter = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = change < shorter ? change : shorter;
        }
    }
    return row[m] < limit ? row[m] : limit;
}

static bool is_defined(const struct global *global)
{
    return global->state > GLOBAL_WEAK_UNDEFINED;
}

static const char *twin(const struct link *link, const char *name)
{
    const char *other =
        name[0] == '_' ? name + 1 : arena_format((struct arena *)&link->arena, "_%s", name);
    uint32_t global = global_find(link, other);
    return global != NONE && is_defined(&link->globals.at[global]) ? other : NULL;
}

static const char *nearest(const struct link *link, const char *name)
{
    size_t size = strlen(name);
    unsigned best = size < 4 ? 2 : 3;
    const char *found = NULL;
    for (uint32_t i = 0; i < link->globals.count; i++) {
        const struct global *global = &link->globals.at[i];
        if (!is_defined(global) || !global->name[0])
            continue;
        unsigned edits = distance(name, global->name, best);
        if (edits < best) {
            best = edits;
            found = global->name;
        }
    }
    return found;
}

static const struct object *local_home(const struct link *link, const char *name)
{
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct object *object = link->inputs.at[i].object;
        for (uint32_t s = 1; s < object->symbol_count; s++) {
            const struct symbol *symbol = &object->symbols[s];
            if (symbol->binding == BIND_LOCAL && symbol->home != HOME_UNDEFINED &&
                symbol->kind != SYMBOL_SECTION && symbol->kind != SYMBOL_FILE &&
                strcmp(symbol->name, name) == 0)
                return object;
        }
    }
    return NULL;
}

static const char *hint_for(struct link *link, const char *name, bool from_runtime)
{
    const struct object *home = local_home(link, name);
    const char *other;
    if (from_runtime)
        return "the runtime's start-up asks the layout for it: see what `welt --print-layout "
               "sector' "
               "defines, or leave it out with --no-runtime";
    if (home)
        return arena_format(&link->arena, "`%s' is defined but local in %s: drop `static'", name,
                            object_title(&link->arena, home));
    if ((other = twin(link, name)))
        return arena_format(&link->arena,
                            "`%s' is defined: one of the two has an underscore too many", other);
    if ((other = nearest(link, name)))
        return arena_format(&link->arena, "did you mean `%s'?", other);
    return "add the object or library that defines it, or define it";
}

/* ---- finding and reporting ---- */

static void note_weak_call(struct link *link, const struct ref *ref, const struct use *use)
{
    uint8_t operation = ref_kinds[ref->kind].operation;
    bool is_call = operation == REF_RELATIVE || operation == REF_PLT;
    if (!is_call || link->set->face != WELT_FACE_BOOT)
        return;
    const char *name = link->globals.at[use->name].name;
    struct place place = atom_place(link, use->atom, use->offset);
    place.symbol = name;
    diagnose(
        link->host, WELT_NOTE, "weak-call", place, NULL,
        "weak symbol `%s' is not defined: this calls address 0 unless the program tests it first",
        name);
}

static void collect(struct link *link, uint32_t atom, struct use_list *uses)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        uint32_t global = input->globals[ref->symbol];
        if (global == NONE || is_defined(&link->globals.at[global]))
            continue;
        struct use use = {global, atom, ref->offset - its->offset};
        if (link->globals.at[global].state == GLOBAL_WEAK_UNDEFINED)
            note_weak_call(link, ref, &use);
        else
            *list_add(&link->arena, uses) = use;
    }
}

static int compare_uses(const void *left, const void *right)
{
    const struct use *a = left, *b = right;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    if (a->atom != b->atom)
        return a->atom < b->atom ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static void report(struct link *link, const struct use *uses, size_t count, bool with_hint)
{
    const char *name = link->globals.at[uses->name].name;
    bool warn = link->set->given.unresolved == WELT_UNRESOLVED_WARN;
    struct place place = atom_place(link, uses->atom, uses->offset);
    bool from_runtime = link->inputs.at[link->atoms[uses->atom].input].is_runtime;
    place.symbol = name;
    diagnose(link->host, warn ? WELT_WARNING : WELT_ERROR, "undefined", place,
             with_hint ? hint_for(link, name, from_runtime) : NULL, "undefined symbol `%s'", name);
    for (size_t i = 1; i < count && i < PLACES_SHOWN; i++) {
        place = atom_place(link, uses[i].atom, uses[i].offset);
        place.symbol = name;
        diagnose(link->host, WELT_NOTE, "undefined", place, NULL, "`%s' is also used here", name);
    }
    if (count > PLACES_SHOWN)
        diagnose(link->host, WELT_NOTE, "undefined", (struct place){.symbol = name}, NULL,
                 "`%s' is used in %zu more places", name, count - PLACES_SHOWN);
}

static bool any_undefined(const struct link *link)
{
    for (size_t i = 0; i < link->globals.count; i++)
        if (!is_defined(&link->globals.at[i]) && link->globals.at[i].referenced)
            return true;
    return false;
}

/* -u and EXTERN only pull members; an entry is chosen elsewhere. */
void check_undefined(struct link *link)
{
    struct use_list uses = {0};
    if (link->set->given.unresolved == WELT_UNRESOLVED_IGNORE || !any_undefined(link))
        return;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live)
            collect(link, atom, &uses);
    if (uses.count)
        qsort(uses.at, uses.count, sizeof *uses.at, compare_uses);
    for (size_t i = 0, next, names = 0; i < uses.count; i = next, names++) {
        for (next = i; next < uses.count && uses.at[next].name == uses.at[i].name;)
            next++;
        report(link, &uses.at[i], next - i, names < HINTS_GIVEN);
    }
}
