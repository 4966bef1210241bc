/* SPDX-License-Identifier: MIT
 *
 * NOCROSSREFS, NOCROSSREFS_TO (manual of GNU ld 2.40, 3.4.5): output sections that may not refer to
 * each other, as overlays may not, of which one is there at a time.
 *
 *     NOCROSSREFS(.one .two)        neither to the other
 *     NOCROSSREFS_TO(.one .two)     .two not to .one
 *
 * Requires: layout. Provides: an error for each such reference. */
#include "ask.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

struct crossrefs {
    struct link *link;
    struct names names;       /* of output sections */
    uint32_t *name_of;        /* output -> the number of its name */
    struct atom_list *atoms;  /* a name's number -> what is live in its sections */
    uint32_t *places;         /* … -> 1 + its place in the rule, 0: it is not in it */
    struct atom_list checked; /* by the rule */
    bool to_first;            /* only what leads to the first of the names is forbidden */
};

/* ---- output sections by name ----
 *
 * Scripts that programs write have rules that name thousands of sections, and thousands of rules.
 * So names have numbers, a rule marks its own, and looks at what lies in these sections only. */

/* NONE: it is in no output section. */
static uint32_t name_of_atom(const struct crossrefs *crossrefs, uint32_t atom)
{
    const struct link *link = crossrefs->link;
    while (link->atoms[atom].leader != atom)
        atom = link->atoms[atom].leader;
    uint32_t output = link->atoms[atom].output;
    return output == NONE ? NONE : crossrefs->name_of[output];
}

static void open_crossrefs(struct crossrefs *crossrefs)
{
    struct link *link = crossrefs->link;
    size_t count = link->outputs.count;
    bool is_new;
    names_open(&crossrefs->names, &link->arena);
    crossrefs->name_of = NEW_ARRAY(&link->arena, uint32_t, count + 1);
    crossrefs->places = NEW_ARRAY(&link->arena, uint32_t, count + 1);
    crossrefs->atoms = NEW_ARRAY(&link->arena, struct atom_list, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = link->outputs.at[i].name;
        crossrefs->name_of[i] = names_add(&crossrefs->names, name, strlen(name), &is_new);
    }
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        uint32_t name = link->atoms[atom].is_live ? name_of_atom(crossrefs, atom) : NONE;
        if (name != NONE)
            *list_add(&link->arena, &crossrefs->atoms[name]) = atom;
    }
}

/* ---- one rule ---- */

static bool is_forbidden(const struct crossrefs *crossrefs, uint32_t from, uint32_t to)
{
    if (to == NONE || from == to)
        return false;
    const uint32_t *places = crossrefs->places;
    return places[from] && places[to] && (!crossrefs->to_first || places[to] == 1);
}

static void check_atom(const struct crossrefs *crossrefs, uint32_t atom)
{
    struct link *link = crossrefs->link;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    uint32_t from = name_of_atom(crossrefs, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        struct target target = ref_target(link, input, ref);
        uint32_t to = target.kind == TARGET_ATOM ? name_of_atom(crossrefs, target.atom) : NONE;
        if (is_forbidden(crossrefs, from, to))
            diagnose(link->host, WELT_ERROR, "crossref",
                     atom_place(link, atom, ref->offset - its->offset),
                     crossrefs->to_first ? "NOCROSSREFS_TO in the script"
                                         : "NOCROSSREFS in the script",
                     "a reference from `%s' to `%s' is prohibited",
                     crossrefs->names.all.at[from].text, crossrefs->names.all.at[to].text);
    }
}

static int compare_atoms(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* A name that stands there twice has the first place. */
static void mark(struct crossrefs *crossrefs, uint32_t name, uint32_t place)
{
    if (name == NO_NAME || crossrefs->places[name])
        return;
    crossrefs->places[name] = 1 + place;
    for (size_t i = 0; i < crossrefs->atoms[name].count; i++)
        *list_add(&crossrefs->link->arena, &crossrefs->checked) = crossrefs->atoms[name].at[i];
}

static uint32_t find_name(const struct crossrefs *crossrefs, const char *name)
{
    return names_find(&crossrefs->names, name, strlen(name));
}

static void check_rule(struct crossrefs *crossrefs, const struct name_list *list)
{
    struct atom_list *checked = &crossrefs->checked;
    checked->count = 0;
    for (uint32_t i = 0; i < list->count; i++)
        mark(crossrefs, find_name(crossrefs, list->names[i]), i);
    if (checked->count)
        qsort(checked->at, checked->count, sizeof *checked->at, compare_atoms);
    for (size_t i = 0; i < checked->count; i++)
        check_atom(crossrefs, checked->at[i]);
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t name = find_name(crossrefs, list->names[i]);
        if (name != NO_NAME)
            crossrefs->places[name] = 0;
    }
}

void check_crossrefs(struct link *link)
{
    const struct script *script = link->script;
    struct crossrefs crossrefs = {.link = link};
    if (!script->no_crossrefs.count && !script->no_crossrefs_to.count)
        return;
    open_crossrefs(&crossrefs);
    for (size_t i = 0; i < script->no_crossrefs.count; i++)
        check_rule(&crossrefs, &script->no_crossrefs.at[i]);
    crossrefs.to_first = true;
    for (size_t i = 0; i < script->no_crossrefs_to.count; i++)
        check_rule(&crossrefs, &script->no_crossrefs_to.at[i]);
}
