/* SPDX-License-Identifier: 0BSD
 *
 * 64-bit division: one loop in assembly, a bit of the quotient a turn, and the functions that
 * compilers call around it.
 *
 * The loop shifts the dividend left into the remainder, one bit at a time, and subtracts the
 * divisor whenever it fits; the quotient grows in the bits that the dividend leaves free. That is
 * 64 turns of about a dozen instructions. The remainder never outgrows its 64 bits: before the last
 * turn it has taken in no more than 63 bits of the dividend. The way not taken: two `divl` for
 * divisors below 2^32 and an estimate for the others, which is faster and longer.
 *
 * The loop has its own convention, because every register is in use:
 *
 *     EDX:EAX dividend  ->  quotient         ECX:EBX divisor         EDI:ESI  ->  remainder
 *
 * and a 16-bit near call. Division by zero gives a quotient of all ones and no exception. */
#include "int64.h"

#include "assembly.h"

__asm__("function __welt_divide\n"
        "pushw %bp\n"
        "xorl %esi, %esi\n"
        "xorl %edi, %edi\n"
        "movw $64, %bp\n"
        "1: shll $1, %eax\n"
        "rcll $1, %edx\n"
        "rcll $1, %esi\n"
        "rcll $1, %edi\n"
        "cmpl %ecx, %edi\n"
        "jb 3f\n"
        "ja 2f\n"
        "cmpl %ebx, %esi\n"
        "jb 3f\n"
        "2: subl %ebx, %esi\n"
        "sbbl %ecx, %edi\n"
        "incw %ax\n"
        "3: decw %bp\n"
        "jnz 1b\n"
        "popw %bp\n"
        "retw\n"
        "end_function __welt_divide\n");

/* The same for signed numbers; overwrites ECX:EBX. The quotient is rounded towards 0, so the
 * remainder has the dividend's sign. */
__asm__(".macro negate high, low\n"
        "negl \\high\n"
        "negl \\low\n"
        "sbbl $0, \\high\n"
        ".endm\n"

        "function __welt_divide_signed\n"
        "pushl %edx\n"
        "pushl %ecx\n"
        "testl %ecx, %ecx\n"
        "jns 1f\n"
        "negate %ecx, %ebx\n"
        "1: testl %edx, %edx\n"
        "jns 2f\n"
        "negate %edx, %eax\n"
        "2: callw __welt_divide\n"
        "popl %ecx\n"
        "popl %ebx\n"
        "testl %ebx, %ebx\n"
        "jns 3f\n"
        "negate %edi, %esi\n"
        "3: xorl %ebx, %ecx\n"
        "jns 4f\n"
        "negate %edx, %eax\n"
        "4: retw\n"
        "end_function __welt_divide_signed\n");

struct halves {
    uint32_t low, high;
};

static inline uint64_t divide(uint64_t dividend, uint64_t divisor, struct halves *remainder)
{
    __asm__("callw __welt_divide"
            : "+A"(dividend), "=&S"(remainder->low), "=&D"(remainder->high)
            : "b"(low_half(divisor)), "c"(high_half(divisor)));
    return dividend;
}

static inline int64_t divide_signed(int64_t dividend, int64_t divisor, struct halves *remainder)
{
    uint32_t low = low_half((uint64_t)divisor), high = high_half((uint64_t)divisor);
    __asm__("callw __welt_divide_signed"
            : "+A"(dividend), "=&S"(remainder->low), "=&D"(remainder->high), "+b"(low), "+c"(high));
    return dividend;
}

STANDARD uint64_t __udivdi3(uint64_t dividend, uint64_t divisor)
{
    struct halves remainder;
    return divide(dividend, divisor, &remainder);
}

STANDARD uint64_t __umoddi3(uint64_t dividend, uint64_t divisor)
{
    struct halves remainder;
    divide(dividend, divisor, &remainder);
    return join(remainder.high, remainder.low);
}

STANDARD uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder)
{
    struct halves halves;
    uint64_t quotient = divide(dividend, divisor, &halves);
    if (remainder)
        *remainder = join(halves.high, halves.low);
    return quotient;
}

STANDARD int64_t __divdi3(int64_t dividend, int64_t divisor)
{
    struct halves remainder;
    return divide_signed(dividend, divisor, &remainder);
}

STANDARD int64_t __moddi3(int64_t dividend, int64_t divisor)
{
    struct halves remainder;
    divide_signed(dividend, divisor, &remainder);
    return (int64_t)join(remainder.high, remainder.low);
}

STANDARD int64_t __divmoddi4(int64_t dividend, int64_t divisor, int64_t *remainder)
{
    struct halves halves;
    int64_t quotient = divide_signed(dividend, divisor, &halves);
    if (remainder)
        *remainder = (int64_t)join(halves.high, halves.low);
    return quotient;
}
