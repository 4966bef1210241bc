/* SPDX-License-Identifier: MIT
 *
 * Ways through the image's code, one instruction after the other, into its jumps, branches and
 * calls. See flow.c.
 *
 * Requires: marks. Provides: the kinds of the bytes that a way runs over.
 *
 * What begins for sure is code whatever comes of it, and a way that comes to no good ends there. A
 * trial is code only when all its ways end as code does: in a return, a jump to where nobody knows,
 * or code that is known. Printable characters hold no byte of such an instruction (ret is c3, jmp
 * e9 to eb or ff), so a text can't pass but by running on into code behind it: that is looked at.
 */
#include "ask.h"
#include "input/thread_loads.h"
#include "report/flow.h"

enum { LONGEST_INSTRUCTION = 15, MOST_TRIED = 4096, SHORTEST_TEXT = 3, INLINE_TEXT = 5 };
enum { FITTING_SHOWS_CODE = 2 }; /* references that are whole fields of instructions */
enum { INT_ROM_BASIC = 0x18, INT_REBOOT = 0x19, INT_EXIT = 0x20, INT_DOS = 0x21, DOS_EXIT = 0x4c };

struct flow_step {
    struct way way;
    struct instruction instruction;
    struct effect effect;
    const struct ref *refs; /* that begin within it */
    uint32_t ref_count;
    uint64_t ref_base; /* the offset that a reference to its first byte would have */
};

/* ---- places ---- */

bool flow_is_code(const struct span *span)
{
    return span && span->in_file && span->atom != NONE &&
           (span->kind == WELT_SPAN_CODE || span->kind == WELT_SPAN_JUMP);
}

static bool is_within(const struct span *span, uint64_t address)
{
    return address >= span->address && address - span->address < span->size;
}

/* ---- references within an instruction ---- */

static void find_refs(const struct code_flow *flow, struct flow_step *step)
{
    const struct span *span = step->way.span;
    const struct atom *its = atom_of(flow->link, span->atom);
    const struct ref *refs = atom_object(flow->link, span->atom)->refs + its->first_ref;
    step->ref_base =
        its->offset + span->address - atom_address(flow->link, span->atom, 0) + step->way.at;
    uint32_t first = first_ref_from(refs, its->ref_count, step->ref_base);
    step->refs = refs + first;
    step->ref_count = 0;
    while (first + step->ref_count < its->ref_count &&
           step->refs[step->ref_count].offset < step->ref_base + step->instruction.length)
        step->ref_count++;
}

static bool is_at(struct instruction_field field, uint64_t offset, unsigned width)
{
    return field.size && field.offset == offset && field.size == width;
}

/* What was rewritten has its field elsewhere, or none. */
static bool may_be_rewritten(const struct code_flow *flow, const struct flow_step *step,
                             const struct ref *ref)
{
    uint32_t atom = step->way.span->atom;
    return ref_is_of_slot(ref) || ref_is_of_thread(ref) ||
           ref_is_of_thread_call(atom_object(flow->link, atom), atom_section(flow->link, atom),
                                 ref);
}

/* Of a far pointer both parts may have one. */
static bool fits(const struct code_flow *flow, const struct flow_step *step, const struct ref *ref)
{
    const struct instruction *its = &step->instruction;
    uint64_t offset = ref->offset - step->ref_base;
    unsigned width = ref_kinds[ref->kind].width;
    if (ref_kinds[ref->kind].operation == REF_NONE || may_be_rewritten(flow, step, ref))
        return true;
    if (step->effect.is_far && step->effect.is_direct)
        return offset >= 1 && offset + width <= its->length;
    return is_at(its->displacement, offset, width) || is_at(its->immediates[0], offset, width) ||
           is_at(its->immediates[1], offset, width);
}

static bool all_fit(const struct code_flow *flow, const struct flow_step *step)
{
    for (uint32_t i = 0; i < step->ref_count; i++)
        if (!fits(flow, step, &step->refs[i]))
            return false;
    return true;
}

static void note_operand(struct code_flow *flow, const struct flow_step *step,
                         const struct ref *ref)
{
    const struct link *link = flow->link;
    const struct input *input = &link->inputs.at[link->atoms[step->way.span->atom].input];
    uint8_t operation = ref_kinds[ref->kind].operation;
    uint64_t offset = ref->offset - step->ref_base;
    if (offset != step->instruction.displacement.offset)
        return;
    struct target target = ref_target(link, input, ref);
    uint64_t address = target_address(link, &target) + (uint64_t)target.addend;
    if (operation == REF_RELATIVE)
        address += step->instruction.length - offset;
    const struct span *span = find_span(&flow->spans, address);
    if (target.kind == TARGET_ATOM && flow_is_code(span) && operation <= REF_RELATIVE)
        *list_add(flow->arena, &flow->operands) =
            (uint32_t)(span->file_offset + (address - span->address));
}

/* What an instruction reads or writes by its name is data: `mov al, [table + bx]`. */
static void note_operands(struct code_flow *flow, const struct flow_step *step)
{
    if (!step->effect.uses_memory || !step->instruction.displacement.size)
        return;
    for (uint32_t i = 0; i < step->ref_count; i++)
        note_operand(flow, step, &step->refs[i]);
}

static void mark_operands(struct code_flow *flow)
{
    for (size_t i = 0; i < flow->operands.count; i++)
        flow->marks[flow->operands.at[i]] |= MARK_DATA;
    flow->operands.count = 0;
}

/* ---- bytes ---- */

static uint8_t *kind_at(const struct code_flow *flow, const struct way *way)
{
    return &flow->kinds[way->span->file_offset + way->at];
}

/* A label within it has a line of its own in the listing, where a byte is a byte. */
static void mark_instruction(struct code_flow *flow, const struct way *way, size_t length)
{
    uint64_t offset = way->span->file_offset + way->at;
    uint8_t code = (uint8_t)(BYTE_CODE + way->mode);
    for (size_t i = 0; i < length; i++)
        flow->kinds[offset + i] =
            !i || (flow->marks[offset + i] & MARK_LABEL) ? code : (uint8_t)BYTE_INSIDE;
    if (flow->is_trial)
        *list_add(flow->arena, &flow->pieces) =
            (struct trial_piece){way->span->file_offset + way->at, (uint8_t)length};
}

static bool is_character(unsigned char c)
{
    return (c >= 0x20 && c < 0x7f) || (c >= 7 && c <= 13) || c == 0x1b || !c;
}

static bool is_text(const unsigned char *bytes, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++)
        if (!is_character(bytes[i]))
            return false;
    return size >= SHORTEST_TEXT;
}

/* ---- one instruction ---- */

static bool has_room(const struct code_flow *flow, const struct way *way, size_t length)
{
    const uint8_t *kind = kind_at(flow, way);
    for (size_t i = 0; i < length; i++)
        if (kind[i] != BYTE_UNKNOWN)
            return false;
    return true;
}

static bool decode_step(struct code_flow *flow, struct flow_step *step)
{
    const struct way *way = &step->way;
    const unsigned char *bytes = flow->link->image + way->span->file_offset + way->at;
    uint64_t left = way->span->size - way->at;
    struct decoder *decoder =
        modes_decoder(flow->link->host, &flow->bits->modes, (enum decoder_mode)way->mode);
    if (!decoder || !decode(decoder, bytes, left < LONGEST_INSTRUCTION ? left : LONGEST_INSTRUCTION,
                            way->span->address + way->at, &step->instruction))
        return false;
    step->effect = decode_effect(decoder);
    find_refs(flow, step);
    return has_room(flow, way, step->instruction.length);
}

static bool came_through_text(const struct code_flow *flow, const struct way *way, uint64_t at)
{
    const unsigned char *bytes = flow->link->image + way->span->file_offset;
    return way->has_fallen && is_text(bytes + way->from, at - way->from);
}

/* Into a label, and be it in the middle of what would be an instruction. */
static bool runs_from_text(const struct code_flow *flow, const struct flow_step *step)
{
    const struct way *way = &step->way;
    const uint8_t *marks = flow->marks + way->span->file_offset;
    for (uint64_t at = way->at; at < way->at + step->instruction.length; at++)
        if (marks[at] & MARK_LABEL && came_through_text(flow, way, at))
            return true;
    return false;
}

/* Nobody writes add [bx + si], al: two zeroes are data. */
static bool is_plausible(const struct code_flow *flow, const struct flow_step *step)
{
    uint64_t offset = step->way.span->file_offset + step->way.at;
    const unsigned char *bytes = flow->link->image + offset;
    bool is_zero = step->instruction.length == 2 && !bytes[0] && !bytes[1];
    return !is_zero && !runs_from_text(flow, step) && !(flow->marks[offset] & MARK_DATA) &&
           all_fit(flow, step);
}

/* ---- where it goes on ---- */

static void add_way(struct code_flow *flow, struct way way)
{
    *list_add(flow->arena, &flow->pending) = way;
}

/* Code of another section is of the mode that its relocations say; of this one, of ours. */
static uint8_t mode_there(const struct code_flow *flow, const struct way *from,
                          const struct span *to)
{
    bool is_told = to->atom != from->span->atom && flow->bits->is_certain[to->atom];
    return is_told ? (uint8_t)mode_of_bits(flow->bits->of_atoms[to->atom]) : from->mode;
}

/* Of what is linked already, or was stripped of relocations, nothing is known. */
static bool may_leave_section(const struct code_flow *flow, const struct flow_step *step)
{
    return step->ref_count || !atom_section(flow->link, step->way.span->atom)->ref_count;
}

/* false: no assembler made this, for a jump out of its section has a relocation. */
static bool add_target(struct code_flow *flow, const struct flow_step *step)
{
    uint64_t target = step->instruction.target;
    struct way way = step->way;
    way.span = is_within(way.span, target) ? way.span : find_span(&flow->spans, target);
    if (way.span != step->way.span && !may_leave_section(flow, step))
        return false;
    if (!flow_is_code(way.span))
        return step->ref_count || !way.span;
    way.mode = mode_there(flow, &step->way, way.span);
    way.at = way.from = target - way.span->address;
    way.has_fallen = way.may_end = way.exits = false;
    add_way(flow, way);
    return true;
}

static void add_far_target(struct code_flow *flow, const struct flow_step *step)
{
    struct way way = step->way;
    if (flow_far_target(flow, &step->effect, &way))
        add_way(flow, way);
}

static bool ends_program(const struct flow_step *step)
{
    switch (step->effect.interrupt) {
    case INT_ROM_BASIC:
    case INT_REBOOT:
    case INT_EXIT: return true;
    case INT_DOS: return step->way.exits;
    default: return false;
    }
}

/* ah = 4c, or ax = 4cxx. */
static bool sets_exit(const struct effect *effect)
{
    uint32_t constant = effect->constant;
    if (!effect->is_constant || effect->to.name != REG_AX)
        return false;
    return effect->to.bits == 8 ? effect->to.shift && constant == DOS_EXIT
                                : (constant >> 8 & 0xff) == DOS_EXIT;
}

/* What is called may change any register. */
static void follow_constant(const struct effect *effect, struct way *way)
{
    bool is_loaded = effect->is_constant && effect->to.bits >= 16;
    bool is_lost = effect->flow == FLOW_CALL || effect->is_interrupt ||
                   (way->loaded.name != REG_NONE && effect->writes >> way->loaded.name & 1);
    if (is_loaded) {
        way->loaded = effect->to;
        way->constant = effect->constant;
    } else if (is_lost) {
        way->loaded.name = REG_NONE;
    }
}

/* `call error` and a message behind it, which the function takes by its return address: what stands
 * there is tried on its own. */
static bool begins_text(const struct code_flow *flow, const struct way *way)
{
    const unsigned char *bytes = flow->link->image + way->span->file_offset + way->at;
    for (unsigned i = 0; i < INLINE_TEXT; i++)
        if (way->at + i >= way->span->size || bytes[i] < 0x20 || bytes[i] >= 0x7f)
            return false;
    return true;
}

/* What stands behind a halt is tried on its own: an interrupt may come back to it, or it is data.
 */
static void add_next(struct code_flow *flow, const struct flow_step *step)
{
    const struct effect *effect = &step->effect;
    bool ends = effect->halts || (effect->is_interrupt && ends_program(step));
    struct way way = step->way;
    way.at += step->instruction.length;
    way.has_fallen = true;
    way.may_end = effect->flow == FLOW_CALL || effect->is_interrupt;
    way.is_protected ^= effect->leaves_mode;
    if (effect->writes & (1u << REG_AX))
        way.exits = sets_exit(effect);
    if (effect->flow == FLOW_CALL)
        flow_pass_call(flow, &step->instruction, effect, &way);
    follow_constant(effect, &way);
    bool is_text =
        effect->flow == FLOW_CALL && way.mode == step->way.mode && begins_text(flow, &way);
    if (!ends && !is_text)
        add_way(flow, way);
}

static bool go_on(struct code_flow *flow, const struct flow_step *step)
{
    const struct effect *effect = &step->effect;
    bool is_good = true;
    flow_load_gdt(flow, effect);
    if (effect->flow == FLOW_RETURN || effect->flow == FLOW_END)
        return true;
    if (effect->flow != FLOW_ON && effect->is_direct && effect->is_far)
        add_far_target(flow, step);
    else if (effect->flow != FLOW_ON && effect->is_direct)
        is_good = add_target(flow, step);
    if (effect->flow != FLOW_JUMP)
        add_next(flow, step);
    return is_good;
}

/* ---- on and on ---- */

static bool is_known_code(const struct code_flow *flow, const struct way *way)
{
    return *kind_at(flow, way) >= BYTE_CODE;
}

/* false: the way comes to no good. */
static bool take_step(struct code_flow *flow, struct way way)
{
    struct flow_step step = {.way = way};
    if (way.at >= way.span->size)
        return way.may_end || flow->fitting >= FITTING_SHOWS_CODE;
    if (is_known_code(flow, &way))
        return !flow->is_trial || !came_through_text(flow, &way, way.at);
    if (!decode_step(flow, &step) || (flow->is_trial && !is_plausible(flow, &step)))
        return way.may_end;
    mark_instruction(flow, &way, step.instruction.length);
    note_operands(flow, &step);
    flow->fitting += step.ref_count;
    return go_on(flow, &step);
}

static bool is_too_long(struct code_flow *flow, unsigned steps)
{
    if (steps > MOST_TRIED || !flow->steps_left)
        return true;
    flow->steps_left--;
    return false;
}

/* A trial stands above the ways that wait for its outcome. */
static bool follow(struct code_flow *flow, struct way start)
{
    size_t below = flow->pending.count;
    add_way(flow, start);
    for (unsigned steps = 1; flow->pending.count > below; steps++) {
        struct way way = flow->pending.at[--flow->pending.count];
        host_check(flow->link->host);
        bool is_good = take_step(flow, way);
        if (flow->is_trial && (!is_good || is_too_long(flow, steps))) {
            flow->pending.count = below;
            return false;
        }
    }
    return true;
}

void flow_follow(struct code_flow *flow, struct way start)
{
    follow(flow, start);
    mark_operands(flow);
}

static void undo(struct code_flow *flow)
{
    for (size_t i = 0; i < flow->pieces.count; i++)
        for (unsigned b = 0; b < flow->pieces.at[i].length; b++)
            flow->kinds[flow->pieces.at[i].offset + b] = BYTE_UNKNOWN;
}

bool flow_try(struct code_flow *flow, struct way start)
{
    mark_operands(flow); /* of the way that asks */
    flow->is_trial = true;
    flow->fitting = 0;
    bool is_code = follow(flow, start);
    if (is_code)
        mark_operands(flow);
    else
        undo(flow);
    flow->is_trial = false;
    flow->operands.count = 0;
    flow->pieces.count = 0;
    return is_code;
}

/* Functions may overlap: each may be as long as all that follows it, so that every one of them
 * would go over the same bytes again. They come in the order of their places, so of what is filled
 * only the last stretch counts. */
static uint64_t behind_filled(const struct code_flow *flow, uint64_t offset)
{
    bool is_filled = offset >= flow->filled_from && offset < flow->filled_to;
    return is_filled ? flow->filled_to : offset;
}

static void note_filled(struct code_flow *flow, uint64_t from, uint64_t to)
{
    if (from < flow->filled_from || from > flow->filled_to)
        flow->filled_from = flow->filled_to = from;
    if (to > flow->filled_to)
        flow->filled_to = to;
}

void flow_fill(struct code_flow *flow, const struct span *span, uint64_t at, uint64_t end,
               enum decoder_mode mode)
{
    uint64_t from = span->file_offset + at;
    at = behind_filled(flow, from) - span->file_offset;
    for (uint64_t length = 1; at < end && at < span->size; at += length) {
        struct flow_step step = {.way = {.span = span, .at = at, .mode = (uint8_t)mode}};
        length = 1;
        if (*kind_at(flow, &step.way) != BYTE_UNKNOWN)
            continue;
        if (decode_step(flow, &step)) {
            length = step.instruction.length;
            note_operands(flow, &step);
        }
        mark_instruction(flow, &step.way, length);
    }
    note_filled(flow, from, span->file_offset + at);
    mark_operands(flow);
}
