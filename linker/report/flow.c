/* SPDX-License-Identifier: MIT
 *
 * Which bytes of the image's code are instructions, of which mode, and which are data.
 *
 * An assembler knows, and an ELF object does not say: strings, tables and 32-bit code behind 16-bit
 * code stand in one section, and symbols seldom have a type.
 *
 *     7c00  _start: ... jmp 8:pm      entered by the BIOS: 16-bit code
 *     7c13  gdt:    dq 0, ...         can't be code, whatever the mode: data
 *     7c2b  gdtr:   dw 23 ...         named by an instruction (lgdt): data
 *     7c31  pm:     ... jmp $         reached by a far jump, through a segment of 32 bits
 *     7c50  msg:    db "mode", 0      nothing goes there, and no way through it ends well: data
 *     7c55  isr:    ... iret          nothing goes there either, but all its ways do: code
 *
 * What is sure comes first: the ways from the entry, and what symbols say to be functions. Of the
 * rest, that which is declared as an object or is the operand of an instruction is data. What then
 * is left is tried from each label and each place whose address is somewhere (flow_ways.c): code is
 * what can be nothing else. Rather data is shown that was code than code that never was.
 *
 * The way not taken, statistics of which instructions are likely, would need none of this, and err
 * at another place with each program. */
#include "report/flow.h"

#include "ask.h"

enum { STEPS_A_BYTE = 3, FEWEST_STEPS = 1 << 16 };

/* ---- marks ---- */

static void mark(struct code_flow *flow, uint64_t address, uint8_t marks)
{
    const struct span *span = find_span(&flow->spans, address);
    if (flow_is_code(span))
        flow->marks[span->file_offset + (address - span->address)] |= marks;
}

static void mark_labels(struct code_flow *flow, const struct labels *labels)
{
    for (size_t i = 0; i < labels->by_atom_count; i++) {
        const struct label *label = labels->by_atom[i];
        mark(flow, label->address, label->is_data ? MARK_LABEL | MARK_DATA : MARK_LABEL);
    }
}

static void mark_referred(struct code_flow *flow, uint32_t atom)
{
    const struct link *link = flow->link;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        if (ref_kinds[ref->kind].operation != REF_ABSOLUTE)
            continue;
        struct target target = ref_target(link, input, ref);
        if (target.kind == TARGET_ATOM)
            mark(flow, target_address(link, &target) + (uint64_t)target.addend, MARK_REFERRED);
    }
}

static void mark_all(struct code_flow *flow, const struct labels *labels)
{
    mark_labels(flow, labels);
    for (size_t i = 0; i < flow->link->spans.count; i++) {
        const struct span *span = &flow->link->spans.at[i];
        if (span->in_file && span->atom != NONE)
            mark_referred(flow, span->atom);
    }
}

/* ---- what is sure ---- */

static struct way way_to(const struct span *span, uint64_t at, enum decoder_mode mode)
{
    return (struct way){.span = span,
                        .at = at,
                        .from = at,
                        .mode = (uint8_t)mode,
                        .is_protected = mode != DECODE_16,
                        .loaded = {REG_NONE, 0, 0}};
}

static enum decoder_mode mode_of_span(const struct code_flow *flow, const struct span *span)
{
    return mode_of_bits(flow->bits->of_atoms[span->atom]);
}

/* A section that has more of 32-bit code may still begin in 16-bit mode, as a BIOS enters it. */
static void follow_entry(struct code_flow *flow)
{
    const struct link *link = flow->link;
    uint32_t atom = link->entry_atom;
    if (atom == NONE || !link->atoms[atom].is_live || link->atoms[atom].output == NONE)
        return;
    uint64_t address = atom_address(link, atom, link->entry_offset);
    const struct span *span = find_span(&flow->spans, address);
    if (!flow_is_code(span))
        return;
    uint64_t at = address - span->address;
    enum decoder_mode mode = mode_of_span(flow, span);
    if (mode == DECODE_16 || !flow_try(flow, way_to(span, at, DECODE_16)))
        flow_follow(flow, way_to(span, at, mode));
}

static void follow_jumps(struct code_flow *flow)
{
    for (size_t i = 0; i < flow->link->spans.count; i++) {
        const struct span *span = &flow->link->spans.at[i];
        if (flow_is_code(span) && span->kind == WELT_SPAN_JUMP)
            flow_follow(flow, way_to(span, 0, mode_of_span(flow, span)));
    }
}

static bool is_function(const struct link *link, const struct label *label)
{
    const struct object *object = link->inputs.at[label->input].object;
    return object->symbols[label->symbol].kind == SYMBOL_FUNCTION;
}

/* Compiled code is all code, to its end. */
static void follow_function(struct code_flow *flow, const struct label *label)
{
    const struct span *span = find_span(&flow->spans, label->address);
    if (!flow_is_code(span) || !is_function(flow->link, label))
        return;
    uint64_t at = label->address - span->address;
    uint8_t kind = flow->kinds[span->file_offset + at];
    enum decoder_mode mode = mode_of_span(flow, span);
    if (kind >= BYTE_CODE)
        mode = (enum decoder_mode)(kind - BYTE_CODE);
    else
        mode = (enum decoder_mode)flow_mode_by_references(flow, span, at, (uint8_t)mode);
    if (label->size)
        flow_fill(flow, span, at, at + label->size, mode);
    else
        flow_follow(flow, way_to(span, at, mode));
}

/* ---- what is left ---- */

/* To where something else is known, or a mark of one of these kinds stands. */
static uint64_t stretch_end(const struct code_flow *flow, const struct span *span, uint64_t at,
                            unsigned marks)
{
    const uint8_t *kinds = flow->kinds + span->file_offset;
    const uint8_t *its_marks = flow->marks + span->file_offset;
    uint64_t end = at + 1;
    while (end < span->size && kinds[end] == BYTE_UNKNOWN && !(its_marks[end] & marks))
        end++;
    return end;
}

/* Several sections of code without a reference between them: what was linked, and then stripped of
 * what would tell code from data. */
static bool has_no_references(const struct object *object)
{
    unsigned sections = 0;
    for (uint32_t s = 1; s < object->section_count; s++) {
        if (object->sections[s].ref_count)
            return false;
        sections += (object->sections[s].flags & SECTION_EXEC) && object->sections[s].size;
    }
    return sections > 1;
}

/* Spans of one object follow each other. */
static bool is_stripped(struct code_flow *flow, const struct span *span)
{
    const struct object *object = atom_object(flow->link, span->atom);
    if (flow->asked != object)
        flow->is_stripped = has_no_references(object);
    flow->asked = object;
    return flow->is_stripped;
}

/* In the mode of what stands before it, of its section, or in another. */
static bool try_code(struct code_flow *flow, const struct span *span, uint64_t at,
                     enum decoder_mode before)
{
    bool is_64 = atom_object(flow->link, span->atom)->architecture == ARCH_X86_64;
    const enum decoder_mode modes[] = {before, mode_of_span(flow, span), DECODE_16, DECODE_32,
                                       DECODE_64};
    unsigned tried = 0;
    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
        bool is_new = !(tried >> modes[i] & 1) && (modes[i] != DECODE_64 || is_64);
        tried |= 1u << modes[i];
        if (is_new && flow_try(flow, way_to(span, at, modes[i])))
            return true;
    }
    return false;
}

/* Returns its end, or 0: there is none. */
static uint64_t pass_padding(struct code_flow *flow, const struct span *span, uint64_t at,
                             enum decoder_mode before)
{
    uint64_t end = flow_padding_end(flow, span, at, before);
    if (end) {
        flow_fill(flow, span, at, end, before);
        return end;
    }
    end = flow_padding_end(flow, span, at, DECODE_32);
    if (end)
        memset(flow->kinds + span->file_offset + at, BYTE_DATA, end - at);
    return end;
}

/* Returns up to where it is known now; at first what is no code is left open, for code that leads
 * to it may come later. */
static uint64_t decide(struct code_flow *flow, const struct span *span, uint64_t at,
                       enum decoder_mode before, bool is_last)
{
    bool is_data = flow->marks[span->file_offset + at] & MARK_DATA;
    uint64_t padding = is_data ? 0 : pass_padding(flow, span, at, before);
    if (padding)
        return padding;
    if (!is_data && try_code(flow, span, at, before))
        return at + 1;
    uint64_t end =
        stretch_end(flow, span, at, is_data ? MARK_LABEL : MARK_LABEL | MARK_DATA | MARK_REFERRED);
    if (!is_last)
        return end;
    if (!flow->steps_left || is_stripped(flow, span))
        flow_fill(flow, span, at, end, before);
    else
        memset(flow->kinds + span->file_offset + at, BYTE_DATA, end - at);
    return end;
}

static void decide_span(struct code_flow *flow, const struct span *span, bool is_last)
{
    enum decoder_mode before = mode_of_span(flow, span);
    for (uint64_t at = 0; at < span->size;) {
        uint8_t kind = flow->kinds[span->file_offset + at];
        if (kind >= BYTE_CODE)
            before = (enum decoder_mode)(kind - BYTE_CODE);
        at = kind == BYTE_UNKNOWN ? decide(flow, span, at, before, is_last) : at + 1;
    }
}

static void note_modes(struct code_flow *flow)
{
    bool *is_used = flow->bits->is_used;
    is_used[DECODE_16] = is_used[DECODE_32] = is_used[DECODE_64] = false;
    for (uint64_t i = 0; i < flow->link->image_size; i++)
        if (flow->kinds[i] >= BYTE_CODE)
            is_used[flow->kinds[i] - BYTE_CODE] = true;
}

void flow_open(struct code_flow *flow, struct link *link, struct arena *arena,
               struct code_bits *bits, const struct labels *labels)
{
    *flow = (struct code_flow){.link = link, .arena = arena, .bits = bits};
    flow->kinds = NEW_ARRAY(arena, uint8_t, link->image_size + 1);
    flow->marks = NEW_ARRAY(arena, uint8_t, link->image_size + 1);
    flow->steps_left = STEPS_A_BYTE * link->image_size + FEWEST_STEPS;
    flow->spans = index_spans(link, arena);
    mark_all(flow, labels);
    flow_look_for_switches(flow);
    follow_entry(flow);
    follow_jumps(flow);
    for (size_t i = 0; i < labels->by_atom_count; i++)
        follow_function(flow, labels->by_atom[i]);
    for (unsigned pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < link->spans.count; i++)
            if (flow_is_code(&link->spans.at[i]))
                decide_span(flow, &link->spans.at[i], pass == 1);
    note_modes(flow);
}
