/* SPDX-License-Identifier: MIT
 *
 * Names that nobody defines.
 *
 * Requires: what is live. Provides: an error for each undefined symbol that live code refers to,
 * with every place (as many as errors are shown), and what may have been meant: the nearest names,
 * the same name with or without a leading underscore, a definition that is local to another object;
 * in a boot build a note where a weak one, whose address is 0, is called. What only dead code
 * refers to is nobody's concern. */
#include "resolve/suggest.h"

#include "ask.h"
#include "input/thread_loads.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

/* A hint searches all symbols: the first names have one, or 50,000 missing ones would take minutes.
 */
enum { HINTS_GIVEN = 100 };

struct use {
    uint32_t name; /* index into globals, or the symbol index of a local one */
    uint32_t atom;
    uint64_t offset;
};

struct use_list LIST_OF(struct use);

static bool is_defined(const struct global *global)
{
    return global->state > GLOBAL_WEAK_UNDEFINED;
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

/* A call that goes with the instruction before it asks for nothing. */
static bool is_rewritten(const struct link *link, uint32_t atom, const struct ref *ref)
{
    return ref_is_of_thread_call(atom_object(link, atom), atom_section(link, atom), ref);
}

static void collect(struct link *link, uint32_t atom, struct use_list *uses)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    if (link->atoms[atom].input == link->made_input)
        return; /* a slot of the GOT: reported where it is loaded */
    const struct atom *its = atom_of(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        uint32_t global = input->globals[ref->symbol];
        if (global == NONE || is_defined(&link->globals.at[global]) ||
            link->globals.at[global].is_ignored || is_rewritten(link, atom, ref))
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
    const char *name = link->globals.at[uses->name].name, *id = id_of_undefined(name);
    bool warn = link->set->given.unresolved == WELT_UNRESOLVED_WARN;
    struct place place = atom_place(link, uses->atom, uses->offset);
    bool from_runtime = atom_is_runtime(link, uses->atom);
    place.symbol = name;
    diagnose(link->host, warn ? WELT_WARNING : WELT_ERROR, id, place,
             with_hint ? suggest_for(link, name, from_runtime) : NULL, "undefined symbol `%s'",
             name);
    size_t shown = link->host->max_errors;
    for (size_t i = 1; i < count && i < shown; i++) {
        place = atom_place(link, uses[i].atom, uses[i].offset);
        place.symbol = name;
        diagnose(link->host, WELT_NOTE, id, place, NULL, "`%s' is also used here", name);
    }
    if (count > shown)
        diagnose(link->host, WELT_NOTE, id, (struct place){.symbol = name}, NULL,
                 "`%s' is used in %zu more places: --error-limit=0 shows all", name, count - shown);
}

static bool any_undefined(const struct link *link)
{
    for (size_t i = 0; i < link->globals.count; i++)
        if (!is_defined(&link->globals.at[i]) && link->globals.at[i].referenced)
            return true;
    return false;
}

/* Whether a message about one more name is seen, and early enough to have a hint. */
static bool has_hint(const struct link *link, size_t names_before)
{
    return names_before < HINTS_GIVEN && host_shows_errors(link->host);
}

static void check_required(struct link *link)
{
    const welt_options *given = &link->set->given;
    for (size_t i = 0, names = 0; i < given->required_count; i++) {
        const char *name = given->required[i];
        if (is_defined(&link->globals.at[global_find(link, name)]))
            continue;
        const char *hint = has_hint(link, names++) ? suggest_for(link, name, false) : NULL;
        diagnose(link->host, WELT_ERROR, "undefined", (struct place){.symbol = name}, hint,
                 "required symbol `%s' is not defined", name);
    }
}

static void note_ignored(struct link *link)
{
    const welt_options *given = &link->set->given;
    for (size_t i = 0; i < given->ignored_undefined_count; i++) {
        uint32_t global = global_find(link, given->ignored_undefined[i]);
        if (global != NONE)
            link->globals.at[global].is_ignored = true;
    }
}

/* -u and EXTERN only pull members; an entry is chosen elsewhere. */
void check_undefined(struct link *link)
{
    struct use_list uses = {0};
    check_required(link);
    note_ignored(link);
    if (link->form.kind == FORM_RELOCATABLE ||
        link->set->given.unresolved == WELT_UNRESOLVED_IGNORE || !any_undefined(link))
        return;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live)
            collect(link, atom, &uses);
    if (uses.count)
        qsort(uses.at, uses.count, sizeof *uses.at, compare_uses);
    for (size_t i = 0, next, names = 0; i < uses.count; i = next, names++) {
        for (next = i; next < uses.count && uses.at[next].name == uses.at[i].name;)
            next++;
        report(link, &uses.at[i], next - i, has_hint(link, names));
    }
}
