/* SPDX-License-Identifier: MIT
 *
 * Runs the 64-bit helpers that compilers call over many operands and compares a hash of the results
 * with what make_expected.py computed. Prints a line for every function that is wrong anywhere, and
 * at last how many functions were looked at.
 *
 * The helpers are called by name, so that no compiler replaces them by code of its own, and the
 * tables are volatile, so that none computes them away. */
#include <welt/boot.h>

#include "expected.h"

typedef __INT64_TYPE__ int64_t;

uint64_t __udivdi3(uint64_t, uint64_t);
uint64_t __umoddi3(uint64_t, uint64_t);
int64_t __divdi3(int64_t, int64_t);
int64_t __moddi3(int64_t, int64_t);
uint64_t __udivmoddi4(uint64_t, uint64_t, uint64_t *);
int64_t __divmoddi4(int64_t, int64_t, int64_t *);
int64_t __muldi3(int64_t, int64_t);
int64_t __negdi2(int64_t);
int64_t __ashldi3(int64_t, int);
int64_t __lshrdi3(int64_t, int);
int64_t __ashrdi3(int64_t, int);
int __cmpdi2(int64_t, int64_t);
int __ucmpdi2(uint64_t, uint64_t);
int __clzsi2(uint32_t);
int __clzdi2(uint64_t);
int __ctzsi2(uint32_t);
int __ctzdi2(uint64_t);
int __ffssi2(uint32_t);
int __ffsdi2(uint64_t);
int __popcountsi2(uint32_t);
int __popcountdi2(uint64_t);
int __paritysi2(uint32_t);
int __paritydi2(uint64_t);
uint32_t __bswapsi2(uint32_t);
uint64_t __bswapdi2(uint64_t);

static uint32_t hash;
static unsigned wrong, functions;

static void hash_half(uint32_t half)
{
    hash = (hash ^ half) * 16777619u;
}

static void hash_result(uint64_t result)
{
    hash_half((uint32_t)result);
    hash_half((uint32_t)(result >> 32));
}

static uint64_t operand(unsigned index)
{
    const volatile unsigned *halves = operands[index];
    return (uint64_t)halves[1] << 32 | halves[0];
}

static void complain(const char *name, unsigned index)
{
    boot_print(name);
    boot_print(" is wrong for operand ");
    boot_print_dec(index);
    boot_print("\n");
    wrong++;
}

/* One function over all left operands. `EACH` hashes the results of one of them, `a`. */
#define CHECK(name, EACH)                                                                          \
    static void check_##name(void)                                                                 \
    {                                                                                              \
        for (unsigned left = 0; left < OPERANDS; left++) {                                         \
            uint64_t a = operand(left);                                                            \
            hash = 2166136261u;                                                                    \
            EACH;                                                                                  \
            if (hash != ((const volatile unsigned *)name)[left])                                   \
                complain(#name, left);                                                             \
        }                                                                                          \
        functions++;                                                                               \
    }

#define WITH_ALL(result)                                                                           \
    for (unsigned right = 0; right < OPERANDS; right++) {                                          \
        uint64_t b = operand(right);                                                               \
        hash_result((uint64_t)(result));                                                           \
    }

#define WITH_COUNTS(result)                                                                        \
    for (int count = 0; count < 64; count++)                                                       \
    hash_result((uint64_t)(result))

/* A helper of 32 bits whose result for 0 is undefined counts as 0 there. */
#define UNLESS_ZERO(result) ((uint32_t)a ? (result) : 0)

CHECK(udivdi3, WITH_ALL(__udivdi3(a, b)))
CHECK(umoddi3, WITH_ALL(__umoddi3(a, b)))
CHECK(divdi3, WITH_ALL(__divdi3((int64_t)a, (int64_t)b)))
CHECK(moddi3, WITH_ALL(__moddi3((int64_t)a, (int64_t)b)))
CHECK(muldi3, WITH_ALL(__muldi3((int64_t)a, (int64_t)b)))
CHECK(cmpdi2, WITH_ALL(__cmpdi2((int64_t)a, (int64_t)b)))
CHECK(ucmpdi2, WITH_ALL(__ucmpdi2(a, b)))
CHECK(ashldi3, WITH_COUNTS(__ashldi3((int64_t)a, count)))
CHECK(lshrdi3, WITH_COUNTS(__lshrdi3((int64_t)a, count)))
CHECK(ashrdi3, WITH_COUNTS(__ashrdi3((int64_t)a, count)))
CHECK(negdi2, hash_result((uint64_t)__negdi2((int64_t)a)))
CHECK(clzsi2, hash_result((uint64_t)UNLESS_ZERO(__clzsi2((uint32_t)a))))
CHECK(clzdi2, hash_result((uint64_t)__clzdi2(a)))
CHECK(ctzsi2, hash_result((uint64_t)UNLESS_ZERO(__ctzsi2((uint32_t)a))))
CHECK(ctzdi2, hash_result((uint64_t)__ctzdi2(a)))
CHECK(ffssi2, hash_result((uint64_t)__ffssi2((uint32_t)a)))
CHECK(ffsdi2, hash_result((uint64_t)__ffsdi2(a)))
CHECK(popcountsi2, hash_result((uint64_t)__popcountsi2((uint32_t)a)))
CHECK(popcountdi2, hash_result((uint64_t)__popcountdi2(a)))
CHECK(paritysi2, hash_result((uint64_t)__paritysi2((uint32_t)a)))
CHECK(paritydi2, hash_result((uint64_t)__paritydi2(a)))
CHECK(bswapsi2, hash_result(__bswapsi2((uint32_t)a)))
CHECK(bswapdi2, hash_result(__bswapdi2(a)))

/* The two that give a remainder as well, against those that were found right above. */
static void check_both_results(void)
{
    for (unsigned index = 0; index < OPERANDS * OPERANDS; index++) {
        uint64_t a = operand(index / OPERANDS), b = operand(index % OPERANDS), remainder;
        int64_t signed_remainder;
        if (__udivmoddi4(a, b, &remainder) != __udivdi3(a, b) || remainder != __umoddi3(a, b))
            complain("udivmoddi4", index);
        if (__divmoddi4((int64_t)a, (int64_t)b, &signed_remainder) !=
                __divdi3((int64_t)a, (int64_t)b) ||
            signed_remainder != __moddi3((int64_t)a, (int64_t)b))
            complain("divmoddi4", index);
    }
    if (__udivmoddi4(7, 2, 0) != 3 || __divmoddi4(-7, 2, 0) != -3)
        complain("a null remainder", 0);
    functions += 2;
}

/* The operators as the compiler makes them: calls of the helpers or code of its own. */
static void check_operators(void)
{
    static volatile uint64_t value = 0xfedcba9876543210u;
    static volatile int64_t negative = -81985529216486896;
    static volatile unsigned count = 36;
    if (value / 1000000007u != 0x4469ff98fu || value % 1000000007u != 939755815u)
        complain("operator / or %", 0);
    if (negative / 1000 != -81985529216486 || negative % 1000 != -896)
        complain("signed operator / or %", 0);
    if (value << count != 0x6543210000000000u || value >> count != 0xfedcba9)
        complain("a shift", 0);
}

static void check_zero(void)
{
    if (__udivdi3(0, 3) || __moddi3(0, -3) || __ffssi2(0) || __ffsdi2(0) || __popcountdi2(0) ||
        __paritydi2(0) || __negdi2(0) || __ctzdi2(1) || __ctzdi2(1ull << 32) != 32)
        complain("zero", 0);
}

int main(void)
{
    check_udivdi3();
    check_umoddi3();
    check_divdi3();
    check_moddi3();
    check_muldi3();
    check_cmpdi2();
    check_ucmpdi2();
    check_ashldi3();
    check_lshrdi3();
    check_ashrdi3();
    check_negdi2();
    check_clzsi2();
    check_clzdi2();
    check_ctzsi2();
    check_ctzdi2();
    check_ffssi2();
    check_ffsdi2();
    check_popcountsi2();
    check_popcountdi2();
    check_paritysi2();
    check_paritydi2();
    check_bswapsi2();
    check_bswapdi2();
    check_both_results();
    check_operators();
    check_zero();
    boot_print_dec(functions);
    boot_print(" functions, ");
    boot_print_dec(wrong);
    boot_print(" wrong\n");
    return 0;
}
