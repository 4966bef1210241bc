/* SPDX-License-Identifier: MIT
 *
 * Whether a walk from the entry could find anything.
 *
 * Behind the runtime's own start-up code, whose walk is a test of Welt's, all is set up. What is
 * left is hand-written: 16-bit calls and returns where C has wide ones, and sectors that are read.
 * Bytes and references show whether there is any of it; opening Zydis for nothing would be a tenth
 * of a small link's time.
 *
 *     call w            e8 [rr rr]     a 16-bit call
 *     call dword w      66 e8 [rr rr rr rr], and a c3 in w without 66: maybe a 16-bit return */
#include "check/walk.h"

#include "ask.h"

enum { CALL = 0xe8, RETURN = 0xc3, OPERAND_SIZE = 0x66, INTERRUPT = 0xcd, DISK = 0x13 };

/* ---- calls and returns of different widths ---- */

static bool is_narrow_call(const struct section *section, const struct ref *ref)
{
    return ref_kinds[ref->kind].width == 2 && ref_kinds[ref->kind].operation == REF_RELATIVE &&
           section->bytes && ref->offset >= 1 && section->bytes[ref->offset - 1] == CALL;
}

struct widths {
    uint8_t *kinds; /* of the inputs: 0, not looked at yet; compiled; or hand-written */
    unsigned looked_at;
    bool any;
};

enum { COMPILED = 1, HAND_WRITTEN, MOST_LOOKED_AT = 1000, LONGEST_FUNCTION = 4096 };

static bool is_hand_written(const struct link *link, struct widths *widths, uint32_t atom)
{
    uint32_t input = link->atoms[atom].input;
    uint8_t *kind = &widths->kinds[input];
    if (!*kind)
        *kind = link->inputs.at[input].is_runtime ||
                        object_compiler(atom_object(link, atom)) != COMPILER_NONE
                    ? COMPILED
                    : HAND_WRITTEN;
    return *kind == HAND_WRITTEN;
}

static bool may_return_narrow(const struct link *link, const struct target *target)
{
    const struct section *section = atom_section(link, target->atom);
    uint64_t from = atom_of(link, target->atom)->offset + target->offset;
    if (!section->bytes || !(section->flags & SECTION_EXEC))
        return false;
    for (uint64_t at = from; at < section->size && at - from < LONGEST_FUNCTION; at++)
        if (section->bytes[at] == RETURN && (!at || section->bytes[at - 1] != OPERAND_SIZE))
            return true;
    return false;
}

/* What compilers make for 16-bit mode ends in retl (66 c3); for 32-bit and 64-bit mode in c3. */
static bool ends_narrow(const struct link *link, const struct target *target)
{
    const struct section *section = atom_section(link, target->atom);
    const struct symbol *symbol = link->atom_names[target->atom];
    uint64_t end = symbol ? symbol->value + symbol->size : 0;
    return symbol && symbol->size >= 2 && section->bytes && end <= section->size &&
           section->bytes[end - 1] == RETURN && section->bytes[end - 2] != OPERAND_SIZE;
}

/* A call of C's that goes to hand-written code, which may return as 16-bit code does; and the
 * runtime's own of main, also where a compiler made it end so. */
static bool is_call_of_narrow(struct link *link, struct widths *widths, uint32_t atom,
                              const struct ref *ref)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    uint8_t operation = ref_kinds[ref->kind].operation;
    if (ref_kinds[ref->kind].width != 4 || (operation != REF_RELATIVE && operation != REF_PLT))
        return false;
    struct target target = ref_target(link, input, ref);
    if (target.kind != TARGET_ATOM || atom_is_runtime(link, target.atom))
        return false;
    if (input->is_runtime && ends_narrow(link, &target))
        return true;
    return is_hand_written(link, widths, target.atom) && widths->looked_at++ < MOST_LOOKED_AT &&
           may_return_narrow(link, &target);
}

static bool look_at_width(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct widths *widths = to;
    widths->any =
        is_narrow_call(atom_section(link, atom), ref) || is_call_of_narrow(link, widths, atom, ref);
    return !widths->any;
}

/* ---- sectors ---- */

static bool uses_disk(const struct link *link)
{
    for (size_t i = 0; i < link->spans.count && link->spans.at[i].in_file; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->kind != WELT_SPAN_CODE || span->atom == NONE || atom_is_runtime(link, span->atom))
            continue;
        const unsigned char *bytes = link->image + span->file_offset;
        for (uint64_t at = 0; at + 1 < span->size; at++)
            if (bytes[at] == INTERRUPT && bytes[at + 1] == DISK)
                return true;
    }
    return false;
}

/* ---- the whole ---- */

bool is_walk_needless(struct link *link)
{
    if (!atom_is_runtime(link, link->entry_atom) || uses_disk(link))
        return false;
    struct widths widths = {.kinds = NEW_ARRAY(&link->arena, uint8_t, link->inputs.count + 1)};
    visit_live_refs(link, &widths, look_at_width);
    return !widths.any;
}
