/* SPDX-License-Identifier: MIT
 *
 * What an object may hold and no image can have: relocations of threads and of programs that a
 * loader finishes, functions that a loader chooses among (STT_GNU_IFUNC).
 *
 * Requires: what is live, and objects that say whether they hold any of it. Provides: an error for
 * each place in live code. What only dead code asks for is nobody's concern: libraries carry such
 * code, and gc drops it. */
#include "ask.h"
#include "steps.h"

static void refuse_type(struct link *link, struct place place, const struct object *object,
                        const struct ref *ref)
{
    const char *hint;
    uint32_t type = (uint32_t)ref->addend;
    const char *name = ref_kind_name((enum architecture)object->architecture, type, &hint);
    const char *symbol = object->symbols[ref->symbol].name;
    place.symbol = *symbol ? symbol : NULL;
    diagnose(link->host, WELT_ERROR, "relocation-type", place, hint,
             "relocation %s (%u)%s%.200s cannot be linked into an image", name, type,
             *symbol ? " to " : "", symbol);
}

static bool is_indirect(const struct link *link, const struct input *input, const struct ref *ref)
{
    uint32_t index = input->globals[ref->symbol];
    const struct symbol *symbol = &input->object->symbols[ref->symbol];
    if (index != NONE) {
        const struct global *global = &link->globals.at[index];
        bool is_defined = global->state == GLOBAL_DEFINED || global->state == GLOBAL_WEAK_DEFINED;
        if (!is_defined)
            return false;
        symbol = &link->inputs.at[global->input].object->symbols[global->symbol];
    }
    return symbol->kind == SYMBOL_INDIRECT && symbol->home != HOME_UNDEFINED;
}

static void refuse_indirect(struct link *link, struct place place, const struct object *object,
                            const struct ref *ref)
{
    place.symbol = object->symbols[ref->symbol].name;
    diagnose(link->host, WELT_ERROR, "ifunc", place,
             "no loader chooses in an image: call the function that is meant by its own name",
             "refers to `%s', an indirect function (STT_GNU_IFUNC)", place.symbol);
}

static void check_atom(struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    bool is_loaded = atom_section(link, atom)->flags & SECTION_ALLOC;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        struct place place = atom_place(link, atom, ref->offset - its->offset);
        if (!ref->kind && is_loaded) /* debug information names threads' data, and may */
            refuse_type(link, place, input->object, ref);
        else if (link->form.kind != FORM_RELOCATABLE && is_indirect(link, input, ref))
            refuse_indirect(link, place, input->object, ref);
    }
}

void check_suspects(struct link *link)
{
    bool any = false;
    for (size_t i = 0; i < link->made_input; i++)
        any |= link->inputs.at[i].object->is_suspect;
    for (uint32_t atom = 0; any && atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live)
            check_atom(link, atom);
}
