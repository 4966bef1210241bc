/* SPDX-License-Identifier: MIT
 *
 * Code that runs in a mode of the processor that it was not made for, and 16-bit code with things
 * that it cannot reach.
 *
 *     wrong-mode   the BIOS enters 32-bit code; or 16-bit code calls, jumps or branches into it
 *     limit-64k    an object of 16-bit code has something that ends above 64 KiB; a 16-bit branch
 *                  crosses a multiple of 64 KiB, where the instruction pointer wraps
 *
 * Images with 32-bit code are nothing strange: a boot sector that switches to protected mode has
 * both. So a section alone says nothing; what is told of is the step from one into the other that
 * no switch of modes stands between: a branch encoded for 16 bits whose target is a section of the
 * other mode.
 *
 *     e8 rr rr          16 bits, R_386_PC16         66 e8 rr rr rr rr     16 bits, R_386_PC32
 *     e8 rr rr rr rr    32 bits, R_386_PC32
 *
 * Zydis is asked only of sections that have a field which 16-bit code would have with a prefix, and
 * of a branch that leads into one: in `6a 66 e9 ..`, push $0x66 and a 32-bit jump, 66 is no prefix.
 */
#include "check/checks.h"

#include "ask.h"

typedef unsigned long long number; /* as printf() takes it */

enum { OPERAND_SIZE = 0x66, ADDRESS_SIZE = 0x67, LOOK_BACK = 8 };
enum { MOST_SECTIONS = 64 }; /* that are decoded for one link */

struct mode_cache {
    struct modes modes;
    uint32_t atoms[MOST_SECTIONS];
    struct mode_fit fits[MOST_SECTIONS];
    unsigned count, found;
    unsigned by_bytes; /* functions that were decoded as both modes */
    const char *why;   /* what the last of them showed */
};

static bool has_prefix(const struct section *section, uint64_t field)
{
    uint64_t from = field > LOOK_BACK ? field - LOOK_BACK : 0;
    for (uint64_t i = from; i < field; i++)
        if (section->bytes[i] == OPERAND_SIZE || section->bytes[i] == ADDRESS_SIZE)
            return true;
    return false;
}

/* Fields of four bytes have a prefix in 16-bit code, fields of two in 32-bit code. */
static bool is_suspicious(const struct object *object, const struct section *section)
{
    unsigned odd = 0;
    for (uint32_t r = 0; r < section->ref_count && section->bytes; r++) {
        const struct ref *ref = &object->refs[section->first_ref + r];
        unsigned width = ref_kinds[ref->kind].width;
        if (width != 2 && width != 4)
            continue; /* R_386_NONE may name any place */
        bool prefixed = has_prefix(section, ref->offset);
        odd += (width == 4 && !prefixed) || (width == 2 && prefixed);
    }
    return odd != 0;
}

/* The mode of the section that an atom is of; in doubt when nothing speaks for a wide one. */
static struct mode_fit mode_of_atom(struct link *link, struct mode_cache *cache, uint32_t atom)
{
    const struct object *object = atom_object(link, atom);
    const struct section *section = atom_section(link, atom);
    uint32_t first = link->inputs.at[link->atoms[atom].input].first_atom + section->first_atom;
    for (unsigned i = 0; i < cache->count; i++)
        if (cache->atoms[i] == first)
            return cache->fits[i];
    bool is_code = (section->flags & SECTION_EXEC) && section->bytes;
    struct mode_fit fit = {.bits = 0};
    if (!is_code || cache->count == MOST_SECTIONS)
        return fit;
    if (is_suspicious(object, section))
        fit = mode_of(link->host, &cache->modes, object, atom_of(link, atom)->section);
    cache->atoms[cache->count] = first;
    cache->fits[cache->count++] = fit;
    return fit;
}

/* ---- wrong-mode ---- */

/* No image of a built-in layout can work so; what a script of one's own is for is not known. */
static welt_severity severity_here(const struct link *link)
{
    return is_builtin_layout(link, "own") ? WELT_WARNING : WELT_ERROR;
}

/* 64-bit code is what a compiler makes that was not told of another processor. */
static enum diagnostic_name id_of(const struct mode_fit *fit)
{
    return fit->bits == 64 ? DIAGNOSTIC_ARCH_MISMATCH : CHECK_WRONG_MODE;
}

static const char *hint_of(const struct mode_fit *fit)
{
    return fit->bits == 64 ? "gcc -m16, as --32, nasm -f elf32 and bits 16"
                           : "gcc -m16, nasm: bits 16, gas: .code16gcc or .code16";
}

static void complain_of_entry(struct link *link, uint32_t atom, const struct mode_fit *fit)
{
    struct place place = atom_place(link, atom, link->entry_offset);
    place.symbol = link->entry_name;
    check_found_as(link->host, severity_here(link), id_of(fit), place, hint_of(fit),
                   "`%s' is %u-bit code (%u of %u relocations fit %u-bit decoding, %u fit 16-bit), "
                   "and a BIOS enters it in 16-bit mode",
                   atom_section(link, atom)->name, fit->bits, fit->fitting_wide, fit->refs,
                   fit->bits, fit->fitting_16);
}

static void check_entry(struct link *link, struct mode_cache *cache)
{
    uint32_t atom = link->entry_atom;
    if (atom == NONE || !link->atoms[atom].is_live ||
        (is_builtin_layout(link, "own") && !is_boot_sector(link)))
        return;
    struct mode_fit fit = mode_of_atom(link, cache, atom);
    if (fit.bits > 16 && ++cache->found)
        complain_of_entry(link, atom, &fit);
}

/* A narrow branch by its bytes is one in 16-bit code alone. */
static bool runs_narrow(struct link *link, struct mode_cache *cache, uint32_t atom,
                        const struct ref *ref)
{
    bool prefixed = ref_kinds[ref->kind].width == 4;
    return mode_of_atom(link, cache, atom).bits <= 16 &&
           begins_instruction(link->host, &cache->modes, DECODE_16, atom_section(link, atom),
                              ref->offset - (prefixed ? 2 : 1));
}

static void complain_of_branch(struct link *link, uint32_t atom, const struct ref *ref,
                               const struct target *target, const struct mode_fit *fit,
                               const char *why)
{
    const char *name = spot_name(link, target->atom, target->offset);
    const char *section = atom_section(link, target->atom)->name;
    const char *title = link->titles[link->atoms[target->atom].input];
    struct place place = ref_place(link, atom, ref);
    if (fit->refs)
        check_found_as(link->host, severity_here(link), id_of(fit), place, hint_of(fit),
                       "16-bit code enters `%s', which is %u-bit code: `%s' of %s (%u of %u "
                       "relocations fit %u-bit decoding, %u fit 16-bit)",
                       name, fit->bits, section, title, fit->fitting_wide, fit->refs, fit->bits,
                       fit->fitting_16);
    else
        check_found_as(link->host, severity_here(link), id_of(fit), place, hint_of(fit),
                       "16-bit code enters `%s', which is %u-bit code: `%s' of %s (%s)", name,
                       fit->bits, section, title, why);
}

/* Of a section without references its return may speak. */
static struct mode_fit mode_of_target(struct link *link, struct mode_cache *cache,
                                      const struct target *target)
{
    struct mode_fit fit = mode_of_atom(link, cache, target->atom);
    if (!fit.bits && !atom_section(link, target->atom)->ref_count &&
        cache->by_bytes++ < MOST_SECTIONS)
        fit = (struct mode_fit){
            .bits = bits_by_bytes(link, &cache->modes, target->atom, target->offset, &cache->why)};
    return fit;
}

static bool look_at_branch(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct mode_cache *cache = to;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    if (branch_encoding(atom_section(link, atom), ref) != BRANCH_NARROW)
        return true;
    struct target target = ref_target(link, input, ref);
    if (target.kind != TARGET_ATOM)
        return true;
    struct mode_fit fit = mode_of_target(link, cache, &target);
    if (fit.bits <= 16 || atom_section(link, atom) == atom_section(link, target.atom) ||
        !runs_narrow(link, cache, atom, ref))
        return true;
    complain_of_branch(link, atom, ref, &target, &fit, cache->why);
    return ++cache->found < FOUND_SHOWN;
}

/* ---- limit-64k ---- */

/* An object is of 16-bit code when its live code with references is. What switches modes has both,
 * and nobody knows which of them uses what is far away. */
static bool is_narrow_object(struct link *link, struct mode_cache *cache, uint32_t input)
{
    enum { LOOKED_AT = 8 };
    const struct object *object = link->inputs.at[input].object;
    uint32_t first = link->inputs.at[input].first_atom;
    unsigned narrow = 0;
    for (uint32_t s = 1; s < object->section_count && narrow < LOOKED_AT; s++) {
        const struct section *section = &object->sections[s];
        if (!(section->flags & SECTION_EXEC) || !section->ref_count || !section->bytes ||
            !section->atom_count || !link->atoms[first + section->first_atom].is_live)
            continue;
        if (mode_of(link->host, &cache->modes, object, s).bits != 16)
            return false;
        narrow++;
    }
    return narrow > 0;
}

static void check_reach(struct link *link, struct mode_cache *cache)
{
    uint32_t input = NONE;
    unsigned looked_at = 0;
    for (size_t i = 0; i < link->spans.count && looked_at < MOST_SECTIONS; i++) {
        const struct span *span = &link->spans.at[i];
        uint64_t end = span->address + span->size;
        if (span->atom == NONE || end <= 0x10000 || link->atoms[span->atom].input == input)
            continue;
        input = link->atoms[span->atom].input;
        looked_at++;
        if (!is_narrow_object(link, cache, input))
            continue;
        struct place place = atom_place(link, span->atom, 0);
        place.symbol = atom_name(link, span->atom);
        check_found(link->host, CHECK_LIMIT_64K, place, NULL,
                    "`%s' ends at 0x%llx, above 64 KiB, and its object is 16-bit code",
                    place.symbol, (number)end);
        return;
    }
}

static bool look_at_wrap(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    unsigned *found = to;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    if (kind->operation != REF_RELATIVE || kind->width != 2)
        return true;
    struct target target = ref_target(link, input, ref);
    uint64_t from = atom_address(link, atom, ref->offset - atom_of(link, atom)->offset);
    uint64_t end = target_address(link, &target) + (uint64_t)target.addend + 2;
    if (target.kind == TARGET_UNDEFINED || from >> 16 == end >> 16)
        return true;
    struct place place = ref_place(link, atom, ref);
    check_found(link->host, CHECK_LIMIT_64K, place, NULL,
                "this 16-bit branch from 0x%llx to `%s' at 0x%llx crosses a multiple of 64 KiB",
                (number)from, place.symbol ? place.symbol : "*ABS*", (number)end);
    return ++*found < FOUND_SHOWN;
}

static bool reaches_over_64k(const struct link *link)
{
    for (size_t i = 0; i < link->spans.count; i++)
        if (link->spans.at[i].atom != NONE &&
            link->spans.at[i].address + link->spans.at[i].size > 0x10000)
            return true;
    return false;
}

void check_modes(struct link *link)
{
    struct mode_cache cache = {.count = 0};
    unsigned found = 0;
    if (check_applies(link, CHECK_WRONG_MODE)) {
        check_entry(link, &cache);
        visit_live_refs(link, &cache, look_at_branch);
        check_wide_calls(link);
    }
    if (check_applies(link, CHECK_LIMIT_64K) && reaches_over_64k(link)) {
        check_reach(link, &cache);
        visit_live_refs(link, &found, look_at_wrap);
    }
    modes_close(link->host, &cache.modes);
}
