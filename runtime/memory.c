/* SPDX-License-Identifier: 0BSD
 *
 * memcpy and its kin: the processor's string instructions, which in 16-bit code use SI, DI and CX.
 * They require DS = ES and DF clear, and memmove leaves DF clear again.
 *
 * Requires -fno-builtin: else a compiler makes of memcpy's body a call of memcpy. */
#include "welt/boot.h"

#include "standard.h"

STANDARD void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    void *at = to;
    __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
    return to;
}

/* Upwards is right unless `to` lies inside [from, from + size), which one unsigned comparison
 * tells. */
STANDARD void *memmove(void *to, const void *from, size_t size)
{
    void *at = to;
    uint16_t distance;
    __asm__ volatile("movw %%di, %3\n\t"
                     "subw %%si, %3\n\t"
                     "cmpw %%cx, %3\n\t"
                     "jae 1f\n\t"
                     "addw %%cx, %%si\n\t"
                     "addw %%cx, %%di\n\t"
                     "decw %%si\n\t"
                     "decw %%di\n\t"
                     "std\n"
                     "1: rep movsb\n\t"
                     "cld"
                     : "+D"(at), "+S"(from), "+c"(size), "=&r"(distance)
                     :
                     : "memory");
    return to;
}

STANDARD void *memset(void *to, int byte, size_t size)
{
    void *at = to;
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(byte) : "memory");
    return to;
}

/* cmpsb leaves the flags of left - right; with size 0, xor's stand: equal. */
STANDARD int memcmp(const void *left, const void *right, size_t size)
{
    int order;
    __asm__ volatile("xorl %0, %0\n\t"
                     "repe cmpsb\n\t"
                     "je 1f\n\t"
                     "sbbl %0, %0\n\t"
                     "orb $1, %b0\n\t"
                     "1:"
                     : "=&a"(order), "+S"(left), "+D"(right), "+c"(size)
                     :
                     : "memory");
    return order;
}

/* clang makes bcmp of a memcmp whose sign nobody asks for. */
STANDARD int bcmp(const void *left, const void *right, size_t size)
    __attribute__((alias("memcmp")));

STANDARD void *memchr(const void *memory, int byte, size_t size)
{
    const unsigned char *at = memory;
    for (; size; size--, at++)
        if (*at == (unsigned char)byte)
            return (void *)at;
    return 0;
}
