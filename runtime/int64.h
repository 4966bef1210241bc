/* SPDX-License-Identifier: 0BSD
 *
 * The 64-bit helpers that compilers call on their own, under libgcc's names (GCC internals manual,
 * "Routines for integer arithmetic"). libgcc's own are 32-bit code and crash in real mode. */
#ifndef WELT_RUNTIME_INT64_H
#define WELT_RUNTIME_INT64_H

#include "welt/boot.h"

#include "standard.h"

typedef __INT64_TYPE__ int64_t;
typedef __INT32_TYPE__ int32_t;

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);
int64_t __divmoddi4(int64_t dividend, int64_t divisor, int64_t *remainder);

int64_t __muldi3(int64_t left, int64_t right);
int64_t __negdi2(int64_t value);
int64_t __ashldi3(int64_t value, int count);
int64_t __ashrdi3(int64_t value, int count);
int64_t __lshrdi3(int64_t value, int count);

/* 0, 1 or 2: less, equal, greater. */
int __cmpdi2(int64_t left, int64_t right);
int __ucmpdi2(uint64_t left, uint64_t right);

/* Of 0, clz and ctz have no result; ffs has 0, else the number of the lowest set bit from 1. */
int __clzsi2(uint32_t value);
int __clzdi2(uint64_t value);
int __ctzsi2(uint32_t value);
int __ctzdi2(uint64_t value);
int __ffssi2(uint32_t value);
int __ffsdi2(uint64_t value);
int __popcountsi2(uint32_t value);
int __popcountdi2(uint64_t value);
int __paritysi2(uint32_t value);
int __paritydi2(uint64_t value);
uint32_t __bswapsi2(uint32_t value);
uint64_t __bswapdi2(uint64_t value);

static inline uint32_t low_half(uint64_t value)
{
    return (uint32_t)value;
}

static inline uint32_t high_half(uint64_t value)
{
    return (uint32_t)(value >> 32);
}

static inline uint64_t join(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

#endif
