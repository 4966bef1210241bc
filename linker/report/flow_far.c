/* SPDX-License-Identifier: MIT
 *
 * Where a far jump leads, and in which mode of the processor: see flow.c.
 *
 *     lgdt [gdtr]            16 bits of limit, 32 of address: the table of segments is in the image
 *     mov cr0, eax           from here on a far jump names a segment of it
 *     jmp 8:pm               the descriptor at 8 says: 32 bits, base 0
 *
 * Where the table is made by the program, or elsewhere, what stands there is tried. */
#include "report/flow.h"

#include "ask.h"

enum { FIRST_SELECTOR = 8, DESCRIPTOR = 8, TABLE_OPERAND = 6 };

static uint32_t read_32(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Bytes of the image, or NULL. */
static const unsigned char *bytes_at(const struct code_flow *flow, uint64_t address, uint64_t size)
{
    const struct span *span = find_span(&flow->spans, address);
    if (!span || span->size - (address - span->address) < size)
        return NULL;
    return flow->link->image + span->file_offset + (address - span->address);
}

void flow_load_gdt(struct code_flow *flow, const struct effect *effect)
{
    const unsigned char *its = bytes_at(flow, effect->memory.address, TABLE_OPERAND);
    if (!effect->loads_gdt || !effect->memory.size || flow->has_gdt || !its)
        return;
    flow->gdt_limit = its[0] | (uint32_t)its[1] << 8;
    flow->gdt = read_32(its + 2);
    flow->has_gdt = true;
}

/* Of a code segment's descriptor: Intel SDM, volume 3, 3.4.5: its type at +5, flags L and D at +6.
 */
static bool read_descriptor(const struct code_flow *flow, uint32_t selector, uint8_t *mode,
                            uint32_t *base)
{
    enum { PRESENT_CODE = 0x98, LONG = 0x20, DEFAULT_32 = 0x40 };
    uint32_t at = selector & ~7u;
    const unsigned char *its = bytes_at(flow, flow->gdt + (uint64_t)at, DESCRIPTOR);
    if (!flow->has_gdt || !at || at + DESCRIPTOR - 1 > flow->gdt_limit || !its ||
        (its[5] & PRESENT_CODE) != PRESENT_CODE)
        return false;
    *mode = its[6] & LONG ? DECODE_64 : its[6] & DEFAULT_32 ? DECODE_32 : DECODE_16;
    *base = (read_32(its + 2) & 0xffffff) | (uint32_t)its[7] << 24;
    return true;
}

static bool is_certain(const struct code_flow *flow, struct way *way)
{
    if (!flow->bits->is_certain[way->span->atom])
        return false;
    way->mode = (uint8_t)mode_of_bits(flow->bits->of_atoms[way->span->atom]);
    return true;
}

/* Without a table that is known: what the code there can be. A jump that changes nothing comes
 * last. */
static bool guess_mode(struct code_flow *flow, struct way *way)
{
    static const uint8_t from_16[] = {DECODE_32, DECODE_16}, from_wide[] = {DECODE_16, DECODE_32};
    const uint8_t *modes = way->mode == DECODE_16 ? from_16 : from_wide;
    if (flow->is_trial || is_certain(flow, way))
        return !flow->is_trial;
    for (unsigned i = 0; i < sizeof from_16; i++) {
        way->mode = modes[i];
        if (flow_try(flow, *way))
            return true;
    }
    return false;
}

/* Code that is linked for 0 and runs at 07c0:0000 jumps to a segment that the link knows nothing
 * of. */
static uint32_t real_address(const struct code_flow *flow, const struct effect *effect)
{
    uint32_t linear = 16u * effect->far_segment + effect->far_offset;
    return find_span(&flow->spans, linear) ? linear : effect->far_offset;
}

bool flow_far_target(struct code_flow *flow, const struct effect *effect, struct way *way)
{
    uint32_t base = 0, from = way->span->atom;
    bool is_real = !way->is_protected || effect->far_segment < FIRST_SELECTOR;
    bool is_told = !is_real && read_descriptor(flow, effect->far_segment, &way->mode, &base);
    uint32_t address = is_real ? real_address(flow, effect) : base + effect->far_offset;
    way->span = find_span(&flow->spans, address);
    if (!flow_is_code(way->span))
        return false;
    way->at = way->from = address - way->span->address;
    way->has_fallen = way->may_end = false;
    way->is_protected = !is_real;
    if (is_told)
        return true;
    if (way->span->atom != from && is_certain(flow, way))
        return true;
    if (is_real)
        way->mode = DECODE_16;
    return is_real || guess_mode(flow, way);
}
