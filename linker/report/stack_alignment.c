/* SPDX-License-Identifier: MIT
 *
 * What GCC spends on a stack that is aligned to 16 bytes at each call.
 *
 * It does so in 16-bit code too, where nothing needs it (GCC's manual, 3.19.59 "x86 Options",
 * -mpreferred-stack-boundary), and has main align it first:
 *
 *     67 66 8d 4c 24 04    lea 4(%esp), %ecx      main, where it needs its arguments' place
 *     66 83 e4 f0          and $-16, %esp         main
 *     67 66 ff 71 fc       push -4(%ecx)
 *     67 66 8d 61 fc       lea -4(%ecx), %esp     at its end
 *
 *     66 83 ec 0c    sub $12, %esp              before the arguments of a call
 *     66 6a 01       push $1
 *     66 e8 ....     call f
 *     66 83 c4 10    add $16, %esp              4 would do
 *
 * Counted are main's instructions, and each sub where all that follows up to the add is as above. A
 * function's own variables are made room for in other places, and are none of it. */
#include "report/survey.h"

#include <string.h>

enum { ESP_STEP = 4, MOST_PUSHED = 16, ALIGNED = 16 };

static const struct {
    uint8_t size;
    unsigned char bytes[6];
} in_main[] = {{4, {0x66, 0x83, 0xe4, 0xf0}},
               {6, {0x67, 0x66, 0x8d, 0x4c, 0x24, 0x04}},
               {5, {0x67, 0x66, 0xff, 0x71, 0xfc}},
               {5, {0x67, 0x66, 0x8d, 0x61, 0xfc}}};
static const unsigned char lower_stack[] = {0x66, 0x83, 0xec};
static const unsigned char raise_stack[] = {0x66, 0x83, 0xc4};

struct code {
    const unsigned char *bytes;
    uint64_t size;
};

static bool is_at(const struct code *code, uint64_t at, const unsigned char *bytes, size_t size)
{
    return at + size < code->size && memcmp(code->bytes + at, bytes, size) == 0;
}

/* The length of the push of a register, a number or a local variable there, or 0. */
static uint64_t push_length(const struct code *code, uint64_t at)
{
    static const unsigned char local[] = {0x67, 0x66, 0xff, 0x75};
    if (is_at(code, at, local, sizeof local))
        return sizeof local + 1;
    if (at + 6 >= code->size || code->bytes[at] != 0x66)
        return 0;
    unsigned char opcode = code->bytes[at + 1];
    if (opcode >= 0x50 && opcode <= 0x57)
        return 2;
    return opcode == 0x6a ? 3 : opcode == 0x68 ? 6 : 0;
}

/* Whether the sub there is taken back, with what was pushed, right behind a call. */
static bool is_for_a_call(const struct code *code, uint64_t at)
{
    static const unsigned char call[] = {0x66, 0xe8};
    unsigned taken = code->bytes[at + sizeof lower_stack], pushed = 0;
    uint64_t length, next = at + sizeof lower_stack + 1;
    for (; pushed < MOST_PUSHED && (length = push_length(code, next)); next += length)
        pushed++;
    uint64_t back = next + sizeof call + 4;
    return pushed && is_at(code, next, call, sizeof call) &&
           is_at(code, back, raise_stack, sizeof raise_stack) && taken < ALIGNED &&
           code->bytes[back + sizeof raise_stack] == taken + ESP_STEP * pushed &&
           (taken + ESP_STEP * pushed) % ALIGNED == 0;
}

static uint64_t alignment_of_main(const struct code *code, uint64_t at)
{
    for (size_t i = 0; i < sizeof in_main / sizeof *in_main; i++)
        if (is_at(code, at, in_main[i].bytes, in_main[i].size))
            return in_main[i].size;
    return 0;
}

uint64_t stack_alignment_in(const unsigned char *bytes, uint64_t size, bool is_main)
{
    const struct code code = {bytes, size};
    uint64_t found = 0;
    for (uint64_t at = 0; at < size; at++) {
        if (is_main)
            found += alignment_of_main(&code, at);
        if (is_at(&code, at, lower_stack, sizeof lower_stack) && is_for_a_call(&code, at))
            found += sizeof lower_stack + 1;
    }
    return found;
}
