/* SPDX-License-Identifier: MIT
 *
 * In which mode of the processor it goes on behind a call, and where a function begins in a section
 * that has code of several: see flow.c.
 *
 *     calll to_protected     16-bit code; the function ends in a far jump and a ret of 32 bits
 *     movl  %eax, value      so this is 32-bit code
 *
 * What is called is read straight on to its return, over far jumps, whose segments say the mode
 * (flow_far.c). So is what is called through a register that was given its address just before.
 * Where that is not to be seen, the references behind it speak: the first is a whole field of an
 * instruction in one mode and not in the other. A stretch without a reference stays what it was. */
#include "report/flow.h"

#include "ask.h"

enum { LONGEST_INSTRUCTION = 15, MOST_READ = 64, LONGEST_STRETCH = 256, MOST_QUESTIONS = 100000 };
enum { NOT_READ = 0, NOT_SEEN = 0xff }; /* in flow.returns, beside 1 + enum decoder_mode */

/* ---- what is called ---- */

/* 0F 22 /0 and 0F 01 /6: what writes CR0, in any mode. */
static bool writes_mode(const unsigned char *bytes)
{
    return bytes[0] == 0x0f && ((bytes[1] == 0x22 && (bytes[2] & 0xf8) == 0xc0) ||
                                (bytes[1] == 0x01 && (bytes[2] & 0x38) == 0x30));
}

void flow_look_for_switches(struct code_flow *flow)
{
    const struct link *link = flow->link;
    for (size_t i = 0; i < link->spans.count && !flow->returns; i++) {
        const struct span *span = &link->spans.at[i];
        for (uint64_t at = 0; flow_is_code(span) && at + 3 <= span->size && !flow->returns; at++)
            if (writes_mode(link->image + span->file_offset + at))
                flow->returns = NEW_ARRAY(flow->arena, uint8_t, link->image_size + 1);
    }
}

static bool read_step(struct code_flow *flow, const struct way *way, struct instruction *its,
                      struct effect *effect)
{
    struct decoder *decoder =
        modes_decoder(flow->link->host, &flow->bits->modes, (enum decoder_mode)way->mode);
    uint64_t left = way->span->size - way->at;
    if (way->at >= way->span->size || !decoder ||
        !decode(decoder, flow->link->image + way->span->file_offset + way->at,
                left < LONGEST_INSTRUCTION ? left : LONGEST_INSTRUCTION,
                way->span->address + way->at, its))
        return false;
    *effect = decode_effect(decoder);
    return true;
}

/* false: where it leads is not known. */
static bool jump(struct code_flow *flow, struct way *way, const struct instruction *its,
                 const struct effect *effect)
{
    if (!effect->is_direct)
        return false;
    if (effect->is_far)
        return flow_far_target(flow, effect, way);
    way->span = find_span(&flow->spans, its->target);
    if (!flow_is_code(way->span))
        return false;
    way->at = its->target - way->span->address;
    return true;
}

/* Straight on to the return. */
static uint8_t read_to_return(struct code_flow *flow, struct way way)
{
    struct instruction its;
    struct effect effect;
    for (unsigned steps = 0; steps < MOST_READ && read_step(flow, &way, &its, &effect); steps++) {
        flow_load_gdt(flow, &effect);
        way.is_protected ^= effect.leaves_mode;
        if (effect.flow == FLOW_RETURN)
            return (uint8_t)(1 + way.mode);
        if (effect.flow == FLOW_END)
            return NOT_SEEN;
        way.at += its.length;
        if (effect.flow == FLOW_JUMP && !jump(flow, &way, &its, &effect))
            return NOT_SEEN;
    }
    return NOT_SEEN;
}

/* ---- what stands there ---- */

/* Behind the first reference from a place on, or 0: there is none before the next label. What comes
 * later may be of another mode again. */
static uint64_t first_reference(const struct code_flow *flow, const struct span *span, uint64_t at)
{
    const struct atom *its = atom_of(flow->link, span->atom);
    const struct ref *refs = atom_object(flow->link, span->atom)->refs + its->first_ref;
    const uint8_t *marks = flow->marks + span->file_offset;
    uint64_t base = its->offset + (span->address - atom_address(flow->link, span->atom, 0));
    uint32_t first = first_ref_from(refs, its->ref_count, base + at);
    if (first == its->ref_count || refs[first].offset - base - at >= LONGEST_STRETCH ||
        refs[first].offset - base >= span->size)
        return 0;
    for (uint64_t i = at + 1; i < refs[first].offset - base; i++)
        if (marks[i] & MARK_LABEL)
            return 0;
    return refs[first].offset - base + 1;
}

static struct mode_count count_in(struct code_flow *flow, const struct span *span, uint64_t at,
                                  uint64_t end, enum decoder_mode mode)
{
    const struct atom *its = atom_of(flow->link, span->atom);
    uint64_t base = its->offset + (span->address - atom_address(flow->link, span->atom, 0));
    return mode_count_from(flow->link->host, &flow->bits->modes, mode,
                           atom_object(flow->link, span->atom), its->section, base + at,
                           base + end);
}

static bool all_fit(struct mode_count count)
{
    return count.refs && count.fitting == count.refs;
}

uint8_t flow_mode_by_references(struct code_flow *flow, const struct span *span, uint64_t at,
                                uint8_t mode)
{
    bool is_asked = at < span->size && mode != DECODE_64 && !flow->bits->is_certain[span->atom] &&
                    atom_of(flow->link, span->atom)->ref_count &&
                    atom_section(flow->link, span->atom)->bytes;
    if (!is_asked || flow->questions++ >= MOST_QUESTIONS)
        return mode;
    enum decoder_mode other = mode == DECODE_16 ? DECODE_32 : DECODE_16;
    uint64_t end = first_reference(flow, span, at);
    if (!end)
        return mode;
    struct mode_count here = count_in(flow, span, at, end, (enum decoder_mode)mode);
    if (here.fitting == here.refs)
        return mode;
    return all_fit(count_in(flow, span, at, end, other)) ? (uint8_t)other : mode;
}

/* ---- behind a call ---- */

static uint8_t returned_in(struct code_flow *flow, const struct way *from, uint64_t target)
{
    struct way way = {.span = find_span(&flow->spans, target),
                      .mode = from->mode,
                      .is_protected = from->is_protected};
    if (!flow->returns || !flow_is_code(way.span))
        return NOT_SEEN;
    way.at = way.from = target - way.span->address;
    uint8_t *known = &flow->returns[way.span->file_offset + way.at];
    if (*known == NOT_READ) {
        *known = NOT_SEEN; /* it may call itself */
        *known = read_to_return(flow, way);
    }
    return *known;
}

void flow_pass_call(struct code_flow *flow, const struct instruction *its,
                    const struct effect *effect, struct way *way)
{
    uint8_t returned = NOT_SEEN;
    bool is_known = way->loaded.name != REG_NONE && effect->through.name == way->loaded.name &&
                    effect->through.bits == way->loaded.bits;
    if (effect->is_direct && !effect->is_far)
        returned = returned_in(flow, way, its->target);
    else if (is_known)
        returned = returned_in(flow, way, way->constant);
    if (returned == NOT_SEEN || returned == NOT_READ)
        way->mode = flow_mode_by_references(flow, way->span, way->at, way->mode);
    else
        way->mode = (uint8_t)(returned - 1);
    way->is_protected = way->mode != DECODE_16;
}
