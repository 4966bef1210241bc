/* SPDX-License-Identifier: MIT
 *
 * Which references load their address from a slot of the global offset table.
 *
 * Position-independent code asks for a slot wherever it cannot know that a symbol is near. In an
 * image it always is: the instruction is given the address itself (input/got_loads.c says which
 * instructions can be), and the slot, 4 or 8 bytes, is not made. The decision stands before layout,
 * as the table's size depends on it, so it is made from the instruction and the symbol alone; only
 * a number's value is known by then, and one that no immediate can hold keeps its slot.
 * Way not taken: deciding again after layout whether an address fits, as an image that spans more
 * than 2 GiB beside a slot-less reference is an error with a place, and --no-relax its remedy. */
#include "ask.h"
#include "input/thread_loads.h"

#include <elf.h>

static bool is_64_bit(const struct section *section, const struct ref *ref)
{
    enum { REX_W = 8 };
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    return kind->architecture == ARCH_X86_64 && kind->native == R_X86_64_REX_GOTPCRELX &&
           section->bytes[ref->offset - 3] & REX_W;
}

/* An immediate for 64 bits is extended by its sign. How far it is to a number that is branched to,
 * or whose load becomes an lea, is not known yet. */
static bool fits(enum got_load form, const struct section *section, const struct ref *ref,
                 uint64_t value)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    bool is_branch = form == GOT_LOAD_CALL || form == GOT_LOAD_JMP;
    bool is_signed = (int64_t)value >= INT32_MIN && (int64_t)value <= INT32_MAX;
    if (kind->architecture == ARCH_I386)
        return true;
    if (kind->native == R_X86_64_GOTPCREL || is_branch)
        return is_signed || value <= UINT32_MAX;
    return is_64_bit(section, ref) ? is_signed : value <= UINT32_MAX;
}

/* lld changes only instructions whose relocation says that they may be changed, and of i386 none;
 * in GNU ld's files --no-relax is about x86-64 only. */
static bool may_relax(const struct link *link, const struct ref *ref)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    bool is_i386 = kind->architecture == ARCH_I386;
    if (!link->set->relax && !(is_i386 && link->form.kind != FORM_FLAT && !link->form.as_lld))
        return false;
    return !link->form.as_lld ||
           (kind->architecture == ARCH_X86_64 && kind->native != R_X86_64_GOTPCREL);
}

/* A common symbol has none yet when slots are chosen, but will. */
static bool has_no_room(const struct link *link, const struct target *target)
{
    return target->kind == TARGET_UNDEFINED &&
           link->globals.at[target->global].state != GLOBAL_COMMON;
}

/* Of instructions without a REX prefix lld changes branches and mov alone. */
static bool lld_changes(enum got_load form, const struct ref *ref)
{
    bool has_rex = ref_kinds[ref->kind].native == R_X86_64_REX_GOTPCRELX;
    return has_rex || (form != GOT_LOAD_TEST && form != GOT_LOAD_ALU);
}

/* What lld leaves in the table: numbers, and 0 for a weak symbol that nobody defines. */
static bool is_number_to_lld(const struct link *link, const struct target *target)
{
    switch (target->kind) {
    case TARGET_ABSOLUTE: return true;
    case TARGET_UNDEFINED: return target->is_weak;
    case TARGET_SCRIPT: return !script_is_place(link, target->global);
    default: return false;
    }
}

/* A branch to a number of the script is given it, as GNU ld does, near or not. */
static bool is_unfit(const struct link *link, const struct target *target, enum got_load form,
                     const struct section *section, const struct ref *ref)
{
    uint64_t number = target->offset;
    bool is_branch = form == GOT_LOAD_CALL || form == GOT_LOAD_JMP;
    bool is_known = target->kind == TARGET_ABSOLUTE;
    if (target->kind == TARGET_SCRIPT && !is_branch)
        is_known = script_number(link, target->global, &number);
    return is_known && !fits(form, section, ref, number);
}

/* The call of a loader that goes with the instruction before it needs no slot; GNU ld's files have
 * one all the same when nobody defines what is called. */
static bool call_wants_slot(const struct link *link, const struct input *input,
                            const struct ref *ref)
{
    struct target target = symbol_target(link, input, ref->symbol);
    return link->form.kind == FORM_EXECUTABLE && !link->form.as_lld &&
           target.kind == TARGET_UNDEFINED;
}

bool ref_wants_slot(const struct link *link, const struct input *input,
                    const struct section *section, const struct ref *ref)
{
    if (!ref_is_of_slot(ref))
        return false;
    if (ref_is_of_thread_call(input->object, section, ref))
        return call_wants_slot(link, input, ref);
    if (!may_relax(link, ref))
        return true;
    enum got_load form = got_load_of(input->object, section, ref);
    if (form == GOT_LOAD_OTHER)
        return true;
    struct target target = symbol_target(link, input, ref->symbol);
    bool is_constant = form == GOT_LOAD_TEST || form == GOT_LOAD_ALU;
    if (link->dynamic) /* no immediate can be an address that is not known yet */
        return is_constant || target.kind == TARGET_ABSOLUTE || has_no_room(link, &target);
    if (link->form.as_lld)
        return !lld_changes(form, ref) || is_number_to_lld(link, &target);
    return is_unfit(link, &target, form, section, ref);
}

bool loads_from_table(const struct link *link)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct object *object = atom_object(link, atom);
        const struct atom *its = atom_of(link, atom);
        bool counts = link->atoms[atom].is_live && object->uses_got;
        for (uint32_t r = 0; counts && r < its->ref_count; r++)
            if (ref_is_of_slot(&object->refs[its->first_ref + r]))
                return true;
    }
    return false;
}
