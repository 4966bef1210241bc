/* SPDX-License-Identifier: MIT
 *
 * Code of 32 or 64 bits that calls the runtime library, which is 16-bit code.
 *
 * Requires: what is live, symbols resolved. Provides: an error for each section that does so. A
 * kernel of a later stage that calls memcpy would get one that returns through the wrong half of
 * the stack.
 *
 * A 16-bit caller shows itself: its call, jump or branch with a field of four bytes begins with the
 * prefix 66. Only where that is missing Zydis is asked (input/code_mode.c), so that a boot image in
 * order is never decoded. A wide address in data, or an immediate, says nothing about its user. */
#include "check/checks.h"

#include "ask.h"
#include "steps.h"

static bool leads_to_runtime(const struct link *link, const struct target *target)
{
    return target->kind == TARGET_ATOM && atom_is_runtime(link, target->atom);
}

/* The first such call of an atom, or NULL. */
static const struct ref *find_call(const struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct section *section = atom_section(link, atom);
    const struct atom *its = atom_of(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        if (branch_encoding(section, ref) != BRANCH_WIDE)
            continue;
        struct target target = ref_target(link, input, ref);
        if (leads_to_runtime(link, &target))
            return ref;
    }
    return NULL;
}

static void complain(struct link *link, uint32_t atom, const struct ref *ref,
                     const struct mode_fit *fit)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    struct place place = atom_place(link, atom, ref->offset - atom_of(link, atom)->offset);
    place.symbol = input->object->symbols[ref->symbol].name;
    diagnose(link->host, WELT_ERROR, "wrong-mode", place,
             "compile with -m16 (gas: .code16gcc, nasm: bits 16), or define it for this mode "
             "yourself",
             "%u-bit code calls `%s' of the runtime library, which is 16-bit code (%u of %u "
             "relocations of `%s' fit %u-bit decoding, %u fit 16-bit)",
             fit->bits, place.symbol, fit->fitting_wide, fit->refs, atom_section(link, atom)->name,
             fit->bits, fit->fitting_16);
}

static void check_atom(struct link *link, struct modes *modes, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    if (!link->atoms[atom].is_live || !(section->flags & SECTION_EXEC) || !section->bytes)
        return;
    const struct ref *ref = find_call(link, atom);
    if (!ref)
        return;
    struct mode_fit fit =
        mode_of(link->host, modes, atom_object(link, atom), atom_of(link, atom)->section);
    if (fit.bits > 16)
        complain(link, atom, ref, &fit);
}

static bool any_runtime(const struct link *link)
{
    for (size_t i = 0; i < link->inputs.count; i++)
        if (link->inputs.at[i].is_runtime)
            return true;
    return false;
}

void check_runtime_calls(struct link *link)
{
    struct modes modes = {0};
    if (!any_runtime(link))
        return;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (!atom_is_runtime(link, atom))
            check_atom(link, &modes, atom);
    modes_close(link->host, &modes);
}
