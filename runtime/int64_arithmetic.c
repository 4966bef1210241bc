/* SPDX-License-Identifier: 0BSD
 *
 * 64-bit multiplication, negation, shifts and comparison, for compilers that call them: clang -Oz
 * does for shifts. Nothing here may use the C operator it stands for, or it would call itself. */
#include "int64.h"

STANDARD int64_t __muldi3(int64_t left, int64_t right)
{
    uint32_t left_low = (uint32_t)left, right_low = (uint32_t)right;
    uint32_t cross = left_low * (uint32_t)high_half((uint64_t)right) +
                     (uint32_t)high_half((uint64_t)left) * right_low;
    uint32_t low, high;
    __asm__("mull %3" : "=a"(low), "=d"(high) : "0"(left_low), "r"(right_low));
    return (int64_t)join(high + cross, low);
}

STANDARD int64_t __negdi2(int64_t value)
{
    __asm__("negl %%edx\n\t"
            "negl %%eax\n\t"
            "sbbl $0, %%edx"
            : "+A"(value));
    return value;
}

/* shld and its like shift by the count modulo 32; from 32 on the halves change places. */

STANDARD int64_t __ashldi3(int64_t value, int count)
{
    __asm__("shldl %%cl, %%eax, %%edx\n\t"
            "shll %%cl, %%eax\n\t"
            "testb $32, %%cl\n\t"
            "jz 1f\n\t"
            "xchgl %%eax, %%edx\n\t"
            "xorl %%eax, %%eax\n\t"
            "1:"
            : "+A"(value)
            : "c"(count));
    return value;
}

STANDARD int64_t __lshrdi3(int64_t value, int count)
{
    __asm__("shrdl %%cl, %%edx, %%eax\n\t"
            "shrl %%cl, %%edx\n\t"
            "testb $32, %%cl\n\t"
            "jz 1f\n\t"
            "xchgl %%eax, %%edx\n\t"
            "xorl %%edx, %%edx\n\t"
            "1:"
            : "+A"(value)
            : "c"(count));
    return value;
}

STANDARD int64_t __ashrdi3(int64_t value, int count)
{
    __asm__("shrdl %%cl, %%edx, %%eax\n\t"
            "sarl %%cl, %%edx\n\t"
            "testb $32, %%cl\n\t"
            "jz 1f\n\t"
            "xchgl %%eax, %%edx\n\t"
            "cltd\n\t"
            "1:"
            : "+A"(value)
            : "c"(count));
    return value;
}

/* The high halves decide with their sign, the low ones without. */
STANDARD int __cmpdi2(int64_t left, int64_t right)
{
    int32_t left_high = (int32_t)high_half((uint64_t)left);
    int32_t right_high = (int32_t)high_half((uint64_t)right);
    uint32_t left_low = (uint32_t)left, right_low = (uint32_t)right;
    if (left_high != right_high)
        return left_high < right_high ? 0 : 2;
    return 1 + (left_low > right_low) - (left_low < right_low);
}

STANDARD int __ucmpdi2(uint64_t left, uint64_t right)
{
    if (high_half(left) != high_half(right))
        return high_half(left) < high_half(right) ? 0 : 2;
    return 1 + (low_half(left) > low_half(right)) - (low_half(left) < low_half(right));
}
