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

#include <string.h>

struct rule {
    const struct name_list *names;
    bool to_first; /* only what leads to the first of the names is forbidden */
};

static const char *output_name(const struct link *link, uint32_t atom)
{
    while (link->atoms[atom].leader != atom)
        atom = link->atoms[atom].leader;
    uint32_t output = link->atoms[atom].output;
    return output == NONE ? NULL : link->outputs.at[output].name;
}

/* The name's place in the list, or -1. */
static int place_in(const struct name_list *list, const char *name)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return (int)i;
    return -1;
}

static bool is_forbidden(const struct rule *rule, const char *from, const char *to)
{
    if (!to || strcmp(from, to) == 0)
        return false;
    int source = place_in(rule->names, from), target = place_in(rule->names, to);
    return source >= 0 && target >= 0 && (!rule->to_first || target == 0);
}

static void check_atom(struct link *link, const struct rule *rule, uint32_t atom, const char *from)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        struct target target = ref_target(link, input, ref);
        const char *to = target.kind == TARGET_ATOM ? output_name(link, target.atom) : NULL;
        if (is_forbidden(rule, from, to))
            diagnose(link->host, WELT_ERROR, "crossref",
                     atom_place(link, atom, ref->offset - its->offset),
                     rule->to_first ? "NOCROSSREFS_TO in the script" : "NOCROSSREFS in the script",
                     "a reference from `%s' to `%s' is prohibited", from, to);
    }
}

static void check_rule(struct link *link, const struct rule *rule)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const char *from = link->atoms[atom].is_live ? output_name(link, atom) : NULL;
        if (from && place_in(rule->names, from) >= 0)
            check_atom(link, rule, atom, from);
    }
}

void check_crossrefs(struct link *link)
{
    const struct script *script = link->script;
    for (size_t i = 0; i < script->no_crossrefs.count; i++)
        check_rule(link, &(struct rule){&script->no_crossrefs.at[i], false});
    for (size_t i = 0; i < script->no_crossrefs_to.count; i++)
        check_rule(link, &(struct rule){&script->no_crossrefs_to.at[i], true});
}
