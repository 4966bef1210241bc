/* SPDX-License-Identifier: MIT
 *
 * What assemblers fill up with to an alignment: instructions that do nothing.
 *
 *     90                       nop; with prefixes 66 and 2e too
 *     0f 1f 44 00 00           nop of several bytes (Intel SDM, volume 2B, NOP)
 *     8d b4 26 00 00 00 00     lea esi, [esi + 0]; of 16 bits 8d b4 00 00, lea si, [si + 0]
 *     89 f6                    mov esi, esi
 *
 * Nothing leads to it, so no way shows that it is code; and as data between two functions it would
 * look as if it were theirs. gas fills 16-bit code with the 32-bit ones when the file ends in
 * .code32: there they are other instructions, and are shown as bytes. */
#include "report/flow.h"

#include "ask.h"

enum { LONGEST_PADDING = 64, LEA = 0x8d, MOV = 0x89, XCHG = 0x87, NOP = 0x90, SIB = 4 };

static bool is_prefix(unsigned char byte)
{
    return byte == 0x66 || byte == 0x67 || byte == 0x2e || byte == 0x3e;
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

/* The register that [REG + 0] is of; -1: of several, or of none. `bytes` begins with ModR/M, and
 * *used is told how many of it stand before the displacement. */
static int base_of(const unsigned char *bytes, size_t size, bool is_16, size_t *used)
{
    static const int by_16[] = {-1, -1, -1, -1, 6, 7, 5, 3}; /* [si], [di], [bp], [bx] */
    unsigned mod = bytes[0] >> 6, rm = bytes[0] & 7;
    *used = 1;
    if (mod == 3 || (mod == 0 && rm == (is_16 ? 6 : 5)))
        return -1;
    if (is_16)
        return by_16[rm];
    if (rm != SIB)
        return (int)rm;
    *used = 2;
    bool has_index = size < 2 || (bytes[1] >> 3 & 7) != 4;
    return has_index || (mod == 0 && (bytes[1] & 7) == 5) ? -1 : bytes[1] & 7;
}

static bool does_nothing(const unsigned char *bytes, size_t size, bool is_16)
{
    size_t used;
    bool has_address_prefix = false;
    for (; size > 1 && is_prefix(*bytes); bytes++, size--)
        has_address_prefix |= *bytes == 0x67;
    if (size == 1)
        return *bytes == NOP;
    if (size >= 3 && bytes[0] == 0x0f && bytes[1] == 0x1f)
        return true;
    int reg = bytes[1] >> 3 & 7;
    if (bytes[0] == MOV || bytes[0] == XCHG)
        return size == 2 && bytes[1] >> 6 == 3 && (bytes[1] & 7) == reg;
    return bytes[0] == LEA &&
           base_of(bytes + 1, size - 1, is_16 != has_address_prefix, &used) == reg &&
           is_zero(bytes + 1 + used, size - 1 - used);
}

static uint64_t next_mark(const struct code_flow *flow, const struct span *span, uint64_t at)
{
    const uint8_t *kinds = flow->kinds + span->file_offset;
    const uint8_t *marks = flow->marks + span->file_offset;
    uint64_t end = at + 1;
    while (end < span->size && end - at < LONGEST_PADDING && kinds[end] == BYTE_UNKNOWN &&
           !(marks[end] & MARK_LABEL))
        end++;
    return end;
}

uint64_t flow_padding_end(struct code_flow *flow, const struct span *span, uint64_t at,
                          enum decoder_mode mode)
{
    const unsigned char *bytes = flow->link->image + span->file_offset;
    struct decoder *decoder = modes_decoder(flow->link->host, &flow->bits->modes, mode);
    struct instruction its = {.length = 0};
    uint64_t end = next_mark(flow, span, at);
    if (!decoder || end - at >= LONGEST_PADDING)
        return 0;
    for (; at < end; at += its.length)
        if (!decode(decoder, bytes + at, end - at, span->address + at, &its) ||
            !does_nothing(bytes + at, its.length, mode == DECODE_16))
            return 0;
    return end;
}
