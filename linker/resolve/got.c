/* SPDX-License-Identifier: MIT
 *
 * Which references load their address from a slot of the global offset table.
 *
 * Position-independent code asks for a slot wherever it cannot know that a symbol is near. In an
 * image it always is: the instruction is given the address itself (input/got_loads.c says which
 * instructions can be), and the slot, 4 or 8 bytes, is not made. The decision stands before layout,
 * as the table's size depends on it, so it is made from the instruction and the symbol alone; only
 * an absolute symbol's value is known by then, and one that no immediate can hold keeps its slot.
 * Way not taken: deciding again after layout whether an address fits, as an image that spans more
 * than 2 GiB beside a slot-less reference is an error with a place, and --no-relax its remedy. */
#include "ask.h"

#include <elf.h>

/* `mov $value, %eax` clears the upper half of %rax, so it does for %rax too. */
static bool fits_immediate(enum got_load form, uint64_t value)
{
    int64_t most = form == GOT_LOAD_MOV ? UINT32_MAX : INT32_MAX;
    return (int64_t)value >= INT32_MIN && (int64_t)value <= most;
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

bool ref_wants_slot(const struct link *link, const struct input *input,
                    const struct section *section, const struct ref *ref)
{
    if (!ref_is_of_slot(ref))
        return false;
    if (!may_relax(link, ref))
        return true;
    enum got_load form = got_load_of(input->object, section, ref);
    if (form == GOT_LOAD_OTHER)
        return true;
    struct target target = symbol_target(link, input, ref->symbol);
    bool is_constant = form == GOT_LOAD_TEST || form == GOT_LOAD_ALU;
    if (link->dynamic) /* no immediate can be an address that is not known yet */
        return is_constant || target.kind == TARGET_ABSOLUTE || has_no_room(link, &target);
    return target.kind == TARGET_ABSOLUTE && !fits_immediate(form, target.offset);
}
