/* SPDX-License-Identifier: MIT
 *
 * Code of 32 bits that calls code which was made for another mode of the processor.
 *
 *     wrong-mode      hand-written code goes to protected mode and calls what gcc -m16 made
 *     arch-mismatch   … or what gcc -m64 made, and nothing in the image goes on to 64-bit mode
 *
 * Who calls shows itself in the bytes: e8 or e9 with a field of four bytes and no prefix is a call
 * or jump of a wide mode alone, in a section of both modes too; all else from the label before it
 * on must be 32-bit code. For what is called there are its relocations, of the whole section
 * (input/code_mode.c) and from the label on:
 *
 *     66 a1 [rr rr] ...  66 c3      the field fits 16 bits, and retl: made for 16-bit mode
 *     8b 05 [rr rr rr rr]           a distance from the instruction pointer: 64 bits
 *
 * A function that has neither a reference nor a return of its own kind is left alone. 64-bit mode
 * is entered by writing a register of the processor: where no byte of the image's code is a wrmsr,
 * nobody does. (Intel SDM, volume 3, 9.8.5 "Initializing IA-32e Mode".) */
#include "check/checks.h"

#include "ask.h"

enum { OPERAND_SIZE = 0x66, RETURN = 0xc3, MOST_SECTIONS = 64 };
enum { LONGEST_FUNCTION = 4096, MOST_BRANCHES = 256 };

struct wide_calls {
    struct modes modes;
    uint32_t atoms[MOST_SECTIONS]; /* the first of each section that was looked at */
    struct mode_fit fits[MOST_SECTIONS];
    unsigned count, looked_at, found;
    bool has_other_mode; /* one of them is not 32-bit code, or something is of the runtime */
    bool knows_long_mode, has_long_mode;
};

/* ---- who calls ---- */

static uint64_t label_before(const struct link *link, uint32_t atom, uint64_t offset)
{
    const struct object *object = atom_object(link, atom);
    uint32_t section = atom_of(link, atom)->section;
    uint64_t nearest = atom_of(link, atom)->offset;
    for (uint32_t s = 1; s < object->symbol_count; s++) {
        const struct symbol *symbol = &object->symbols[s];
        if (symbol->home == HOME_SECTION && symbol->section == section && symbol->value <= offset &&
            symbol->value > nearest)
            nearest = symbol->value;
    }
    return nearest;
}

/* Whether all is 32-bit code from the label before it on; in 16-bit code such bytes are data. */
static bool is_32_bit_there(struct link *link, struct wide_calls *calls, uint32_t atom,
                            const struct ref *ref)
{
    uint64_t from = label_before(link, atom, ref->offset), end = ref->offset + 4;
    if (end - from > LONGEST_FUNCTION)
        return false;
    struct mode_count count =
        mode_count_from(link->host, &calls->modes, DECODE_32, atom_object(link, atom),
                        atom_of(link, atom)->section, from, end);
    return count.end == end && count.fitting == count.refs;
}

/* ---- what is called ---- */

static struct mode_fit fit_of(struct link *link, struct wide_calls *calls, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    uint32_t first = link->inputs.at[link->atoms[atom].input].first_atom + section->first_atom;
    for (unsigned i = 0; i < calls->count; i++)
        if (calls->atoms[i] == first)
            return calls->fits[i];
    if (calls->count == MOST_SECTIONS)
        return (struct mode_fit){.bits = 0};
    struct mode_fit fit =
        mode_of(link->host, &calls->modes, atom_object(link, atom), atom_of(link, atom)->section);
    calls->atoms[calls->count] = first;
    calls->fits[calls->count++] = fit;
    calls->has_other_mode |= fit.bits == 16 || fit.bits == 64;
    return fit;
}

/* A distance from the instruction pointer: mod 00, r/m 101 in front of it (Intel SDM, volume 2,
 * 2.2.1.6); of a 32-bit instruction that would be an address. */
static bool has_64_bit_distance(const struct link *link, uint32_t atom)
{
    const struct object *object = atom_object(link, atom);
    const struct section *section = atom_section(link, atom);
    for (uint32_t r = 0; r < section->ref_count; r++) {
        const struct ref *ref = &object->refs[section->first_ref + r];
        const struct ref_kind *kind = &ref_kinds[ref->kind];
        if (kind->architecture == ARCH_X86_64 && kind->operation == REF_RELATIVE &&
            kind->width == 4 && ref->offset >= 2 &&
            (section->bytes[ref->offset - 1] & 0xc7) == 0x05)
            return true;
    }
    return false;
}

/* Whether what begins there returns as 16-bit code that C calls does, or has references that fit
 * 16-bit code alone: 32-bit code may stand in the same section. */
static bool is_16_bit_there(struct link *link, struct wide_calls *calls, uint32_t atom,
                            uint64_t offset)
{
    const struct section *section = atom_section(link, atom);
    uint64_t from = atom_of(link, atom)->offset + offset;
    uint64_t end =
        section->size < from + LONGEST_FUNCTION ? section->size : from + LONGEST_FUNCTION;
    struct mode_count narrow =
        mode_count_from(link->host, &calls->modes, DECODE_16, atom_object(link, atom),
                        atom_of(link, atom)->section, from, end);
    struct mode_count wide =
        mode_count_from(link->host, &calls->modes, DECODE_32, atom_object(link, atom),
                        atom_of(link, atom)->section, from, narrow.end);
    bool returns_long = narrow.end >= from + 2 && section->bytes[narrow.end - 1] == RETURN &&
                        section->bytes[narrow.end - 2] == OPERAND_SIZE;
    return narrow.fitting == narrow.refs && (returns_long || wide.fitting * 2 < narrow.refs);
}

static bool has_wrmsr(const struct link *link, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    for (uint64_t i = 0; section->bytes && i + 1 < section->size; i++)
        if (section->bytes[i] == 0x0f && section->bytes[i + 1] == 0x30)
            return true;
    return false;
}

static bool enters_long_mode(const struct link *link, struct wide_calls *calls)
{
    if (calls->knows_long_mode)
        return calls->has_long_mode;
    calls->knows_long_mode = true;
    for (size_t i = 0; i < link->spans.count && !calls->has_long_mode; i++) {
        const struct span *span = &link->spans.at[i];
        calls->has_long_mode =
            span->kind == WELT_SPAN_CODE && span->atom != NONE && has_wrmsr(link, span->atom);
    }
    return calls->has_long_mode;
}

/* Its bits, when the caller surely is in another mode; 0: nobody knows. */
static unsigned wrong_bits(struct link *link, struct wide_calls *calls, uint32_t atom,
                           const struct target *target)
{
    if (atom_is_runtime(link, target->atom))
        return 16;
    struct mode_fit fit = fit_of(link, calls, target->atom);
    if (fit.bits == 16)
        return is_16_bit_there(link, calls, target->atom, target->offset) ? 16 : 0;
    bool is_entered_by_bios = !is_builtin_layout(link, "own") || is_boot_sector(link);
    bool may_be_64 = !is_entered_by_bios || fit_of(link, calls, atom).bits == 64 ||
                     enters_long_mode(link, calls);
    return fit.bits == 64 && !may_be_64 && has_64_bit_distance(link, target->atom) ? 64 : 0;
}

/* ---- all of them ---- */

static void complain(struct link *link, uint32_t atom, const struct ref *ref,
                     const struct target *target, unsigned bits)
{
    welt_severity severity = is_builtin_layout(link, "own") ? WELT_WARNING : WELT_ERROR;
    const char *name = spot_name(link, target->atom, target->offset);
    const char *title = link->titles[link->atoms[target->atom].input];
    if (bits == 16)
        check_found_as(link->host, severity, CHECK_WRONG_MODE, ref_place(link, atom, ref),
                       "compile it with -m32 (gas: .code32, nasm: bits 32)",
                       "32-bit code calls `%s' of %s, which is 16-bit code", name, title);
    else
        check_found_as(link->host, severity, (enum diagnostic_name)DIAGNOSTIC_ARCH_MISMATCH,
                       ref_place(link, atom, ref), "compile it with -m32, or switch modes first",
                       "32-bit code calls `%s' of %s, which is 64-bit code, and nothing here "
                       "enters 64-bit mode (no wrmsr)",
                       name, title);
}

/* With as many sections as may be looked at, all of them 32-bit code, nothing can be found any
 * more: so it is in large images. */
static bool may_find(const struct wide_calls *calls)
{
    return calls->count < MOST_SECTIONS || calls->has_other_mode;
}

/* runtime_calls.c tells of the runtime library where the whole section speaks for its mode. */
static bool is_told_elsewhere(struct link *link, struct wide_calls *calls, uint32_t atom,
                              const struct target *target)
{
    return atom_is_runtime(link, target->atom) && fit_of(link, calls, atom).bits > 16;
}

static bool look_at_branch(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct wide_calls *calls = to;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct section *section = atom_section(link, atom);
    if (!may_find(calls))
        return false;
    if (branch_encoding(section, ref) != BRANCH_WIDE)
        return true;
    struct target target = ref_target(link, input, ref);
    if (target.kind != TARGET_ATOM || atom_section(link, target.atom) == section ||
        !(atom_section(link, target.atom)->flags & SECTION_EXEC) ||
        !atom_section(link, target.atom)->bytes || is_told_elsewhere(link, calls, atom, &target))
        return true;
    unsigned bits = wrong_bits(link, calls, atom, &target);
    if (!bits || calls->looked_at++ == MOST_BRANCHES)
        return !bits;
    if (!is_32_bit_there(link, calls, atom, ref))
        return true;
    complain(link, atom, ref, &target, bits);
    return ++calls->found < FOUND_SHOWN;
}

void check_wide_calls(struct link *link)
{
    struct wide_calls calls = {.count = 0};
    for (size_t i = 0; i < link->inputs.count; i++)
        calls.has_other_mode |= link->inputs.at[i].is_runtime;
    visit_live_refs(link, &calls, look_at_branch);
    modes_close(link->host, &calls.modes);
}
