/* SPDX-License-Identifier: 0BSD
 *
 * Counting, finding and reversing bits and bytes, of 32 and of 64 bits. Nothing here may use the
 * builtin it stands for, or it would call itself. */
#include "int64.h"

static inline int highest_bit(uint32_t value)
{
    int bit;
    __asm__("bsrl %1, %0" : "=r"(bit) : "r"(value));
    return bit;
}

static inline int lowest_bit(uint32_t value)
{
    int bit;
    __asm__("bsfl %1, %0" : "=r"(bit) : "r"(value));
    return bit;
}

STANDARD int __clzsi2(uint32_t value)
{
    return 31 - highest_bit(value);
}

STANDARD int __clzdi2(uint64_t value)
{
    if (high_half(value))
        return 31 - highest_bit(high_half(value));
    return 63 - highest_bit(low_half(value));
}

STANDARD int __ctzsi2(uint32_t value)
{
    return lowest_bit(value);
}

STANDARD int __ctzdi2(uint64_t value)
{
    if (low_half(value))
        return lowest_bit(low_half(value));
    return 32 + lowest_bit(high_half(value));
}

STANDARD int __ffssi2(uint32_t value)
{
    return value ? lowest_bit(value) + 1 : 0;
}

STANDARD int __ffsdi2(uint64_t value)
{
    if (low_half(value))
        return lowest_bit(low_half(value)) + 1;
    return high_half(value) ? lowest_bit(high_half(value)) + 33 : 0;
}

/* Shifts the set bits out and adds the carries up. */
static inline int population(uint32_t value)
{
    int count;
    __asm__("xorl %0, %0\n"
            "1: addl %1, %1\n\t"
            "adcl $0, %0\n\t"
            "testl %1, %1\n\t"
            "jnz 1b"
            : "=&r"(count), "+r"(value));
    return count;
}

STANDARD int __popcountsi2(uint32_t value)
{
    return population(value);
}

STANDARD int __popcountdi2(uint64_t value)
{
    return population(low_half(value)) + population(high_half(value));
}

/* The processor's parity flag looks at one byte, so the others are folded into it. */
static inline int parity(uint32_t value)
{
    value ^= value >> 16;
    uint8_t low = (uint8_t)value, next = (uint8_t)(value >> 8), is_odd;
    __asm__("xorb %2, %1\n\t"
            "setnp %0"
            : "=q"(is_odd), "+q"(low)
            : "q"(next));
    return is_odd;
}

STANDARD int __paritysi2(uint32_t value)
{
    return parity(value);
}

STANDARD int __paritydi2(uint64_t value)
{
    return parity(low_half(value) ^ high_half(value));
}

/* The 80386 has no bswap. */
static inline uint32_t reverse(uint32_t value)
{
    __asm__("rolw $8, %w0\n\t"
            "roll $16, %0\n\t"
            "rolw $8, %w0"
            : "+r"(value));
    return value;
}

STANDARD uint32_t __bswapsi2(uint32_t value)
{
    return reverse(value);
}

STANDARD uint64_t __bswapdi2(uint64_t value)
{
    return join(reverse(low_half(value)), reverse(high_half(value)));
}
