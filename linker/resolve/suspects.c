/* SPDX-License-Identifier: MIT
 *
 * What an object may hold and not every image can have: relocations of programs that a loader
 * finishes, functions that a loader chooses among (STT_GNU_IFUNC), and threads' variables where no
 * thread's data is, or where the instructions that find them can't be rewritten.
 *
 * Requires: what is live, and objects that say whether they hold any of it. Provides: an error for
 * each place in live code. What only dead code asks for is nobody's concern: libraries carry such
 * code, and gc drops it. An object that is joined (-r) hands on all that has a name. */
#include "ask.h"
#include "input/thread_loads.h"
#include "steps.h"

static void refuse_type(struct link *link, struct place place, const struct object *object,
                        const struct ref *ref, const char *hint)
{
    bool is_known = ref->kind;
    uint32_t type = is_known ? ref_kinds[ref->kind].native : (uint32_t)ref->addend;
    const char *name = ref_kind_name((enum architecture)object->architecture, type);
    const char *symbol = object->symbols[ref->symbol].name;
    place.symbol = *symbol ? symbol : NULL;
    diagnose(link->host, WELT_ERROR, "relocation-type", place, hint,
             "relocation %s (%u)%s%.200s cannot be linked into an image", name, type,
             *symbol ? " to " : "", symbol);
}

/* ---- of threads ---- */

/* In a boot image only a script that names their data makes a place for it: else a thread's
 * variable is one that was meant for another system. */
static bool has_thread_data(const struct link *link)
{
    bool is_boot = link->set->face == WELT_FACE_BOOT;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct atom_state *state = &link->atoms[atom];
        if (!state->is_live || state->output == NONE ||
            !(atom_section(link, atom)->flags & SECTION_TLS))
            continue;
        const struct output *output = &link->outputs.at[state->output];
        if (!output->is_discard && (output->statement || !is_boot))
            return true;
    }
    return false;
}

/* NULL: it can be linked. */
static const char *why_no_thread(const struct link *link, bool has_data,
                                 const struct section *section, const struct object *object,
                                 const struct ref *ref)
{
    bool is_load = ref_kinds[ref->kind].operation == REF_THREAD_LOAD;
    if (!has_data)
        return "an image has no threads: declare the variable without __thread or _Thread_local";
    if (link->form.shared)
        return "before an image there is no loader to lay out threads' data: link without -shared";
    if (is_load && !thread_load_of(object, section, ref, link->form.as_lld))
        return "the instruction is none of those that compilers write for it, and can't be "
               "rewritten: compile with -ftls-model=local-exec";
    return NULL;
}

/* ---- of other kinds ---- */

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

/* What can't be, and a hint; debug information may name anything. */
static bool is_unlinkable(const struct link *link, bool has_thread_data,
                          const struct section *section, const struct object *object,
                          const struct ref *ref, const char **hint)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    *hint = ref->kind ? kind->hint : "the file is damaged, or was made for another machine";
    if (!(section->flags & SECTION_ALLOC))
        return false;
    if (!ref->kind || link->form.kind == FORM_RELOCATABLE)
        return !ref->kind;
    if (ref_is_of_thread(ref))
        *hint = why_no_thread(link, has_thread_data, section, object, ref);
    return *hint;
}

static void check_atom(struct link *link, uint32_t atom, bool has_thread_data)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    const struct section *section = atom_section(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        struct place place = atom_place(link, atom, ref->offset - its->offset);
        const char *hint;
        if (is_unlinkable(link, has_thread_data, section, input->object, ref, &hint))
            refuse_type(link, place, input->object, ref, hint);
        else if (link->form.kind != FORM_RELOCATABLE && is_indirect(link, input, ref))
            refuse_indirect(link, place, input->object, ref);
    }
}

void check_suspects(struct link *link)
{
    bool any = false;
    for (size_t i = 0; i < link->made_input; i++)
        any |= link->inputs.at[i].object->is_suspect;
    bool has_data = any && has_thread_data(link);
    for (uint32_t atom = 0; any && atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live)
            check_atom(link, atom, has_data);
}
