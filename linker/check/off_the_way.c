/* SPDX-License-Identifier: MIT
 *
 * Hand-written 16-bit code that a walk from the entry does not come by: what an interrupt or a
 * table leads to.
 *
 *     handler:  push ds            nothing jumps here, its address is in a vector
 *               mov  ax, [count]   the reference is a whole field of this instruction
 *               iret
 *
 * Data stands between code, and an assembler does not say which is which. So a label is taken for
 * code's only when what follows it decodes up to a return or a jump, with at least one reference on
 * the way, and all of them are whole fields of instructions, of 16 bits and not of 32: a reference
 * in data stands where an instruction would begin. What has none is left alone. (The listing tries
 * more, report/flow.c: there a wrong guess is seen, and here it would be a false warning.) */
#include "check/walk.h"

#include "ask.h"

/* Where labels stand close and what follows them is no code, each is decoded over the same bytes:
 * so it is bytes that are counted, as often as they are decoded. */
enum { LONGEST_STRETCH = 4096, MOST_DECODED = 1 << 20 };

struct search {
    struct walk *walk;
    struct modes *modes;
    uint64_t decoded; /* bytes, and labels */
};

/* The atom that a label begins code in, or NONE: a compiled function is looked at elsewhere. */
static uint32_t atom_of_label(const struct link *link, const struct input *input,
                              const struct symbol *symbol)
{
    bool may_be =
        symbol->home == HOME_SECTION && symbol->name_size &&
        (symbol->kind == SYMBOL_NOTYPE || (symbol->kind == SYMBOL_FUNCTION && !symbol->size));
    if (!may_be || input->is_runtime)
        return NONE;
    const struct section *section = &input->object->sections[symbol->section];
    uint32_t atom = input->first_atom + section->first_atom;
    bool is_there = section->atom_count == 1 && section->bytes && section->ref_count &&
                    (section->flags & SECTION_EXEC) && link->atoms[atom].is_live &&
                    link->atoms[atom].output != NONE && symbol->value < section->size;
    return is_there ? atom : NONE;
}

/* false: no instruction is there, or two zeroes, which nobody writes as one. */
static bool decode_one(struct walk *walk, struct step *step, uint64_t most)
{
    const unsigned char *bytes = walk->link->image + step->span->file_offset + step->at;
    if (step->at >= most || !decode(walk->decoder, bytes, most - step->at,
                                    step->span->address + step->at, &step->instruction))
        return false;
    step->effect = decode_effect(walk->decoder);
    return step->instruction.length != 2 || bytes[0] || bytes[1];
}

/* Behind the return, or the jump elsewhere, that the code from a place on ends in; 0: none. */
static uint64_t end_of_code(struct search *search, struct step step, uint64_t most)
{
    uint64_t from = step.at, end = 0;
    while (!end && decode_one(search->walk, &step, most)) {
        uint8_t flow = step.effect.flow;
        step.at += step.instruction.length;
        if (flow == FLOW_RETURN || flow == FLOW_END || flow == FLOW_JUMP)
            end = step.at;
    }
    search->decoded += step.at - from + 1;
    return end;
}

static void visit_all(struct walk *walk, struct step step, uint64_t end)
{
    for (; decode_one(walk, &step, end); step.at += step.instruction.length)
        if (!walk->seen[step.span->file_offset + step.at])
            walk->visit(walk, NULL, &step);
}

static void mark_seen(struct walk *walk, const struct span *span, uint64_t at, uint64_t end)
{
    for (; at < end; at++)
        if (!walk->seen[span->file_offset + at])
            walk->seen[span->file_offset + at] = 1;
}

/* Whether all references there are whole fields of instructions, and there is one. */
static bool fits(struct search *search, uint32_t atom, uint64_t from, uint64_t end,
                 enum decoder_mode mode)
{
    struct link *link = search->walk->link;
    struct mode_count count =
        mode_count_from(link->host, search->modes, mode, atom_object(link, atom),
                        atom_of(link, atom)->section, from, end);
    return count.refs && count.fitting == count.refs;
}

static void look_at_label(struct search *search, uint32_t atom, uint64_t value)
{
    struct walk *walk = search->walk;
    struct link *link = walk->link;
    const struct section *section = atom_section(link, atom);
    struct step step = {.span = find_span(&walk->spans, atom_address(link, atom, value))};
    if (!step.span || step.span->atom != atom || !step.span->in_file ||
        step.span->size != section->size || walk->seen[step.span->file_offset + value])
        return;
    step.at = value;
    uint64_t most =
        section->size - value < LONGEST_STRETCH ? section->size : value + LONGEST_STRETCH;
    uint64_t end = end_of_code(search, step, most);
    if (!end)
        return;
    if (fits(search, atom, value, end, DECODE_16) && !fits(search, atom, value, end, DECODE_32)) {
        visit_all(walk, step, end);
        mark_seen(walk, step.span, value, end);
    }
}

void walk_off_the_way(struct walk *walk, struct modes *modes)
{
    struct search search = {.walk = walk, .modes = modes};
    const struct link *link = walk->link;
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = 1; s < input->object->symbol_count; s++) {
            const struct symbol *symbol = &input->object->symbols[s];
            uint32_t atom = atom_of_label(link, input, symbol);
            if (atom != NONE && search.decoded < MOST_DECODED)
                look_at_label(&search, atom, symbol->value);
        }
    }
}
