/* SPDX-License-Identifier: 0BSD
 *
 * How the runtime writes what C cannot say: code without a stack, registers across a BIOS call,
 * and functions that must be small above all.
 *
 *     __asm__("function boot_halt\n"
 *             "1: cli\n"
 *             "hlt\n"
 *             "jmp 1b\n"
 *             "end_function boot_halt\n");
 *
 * makes a global function in a section .text.boot_halt of its own. A naked C function would read
 * better, but gcc ends each with two bytes of `ud2`.
 *
 * Every instruction that has a 16-bit and a 32-bit form carries its suffix, because gcc assembles
 * under .code16gcc (where a bare `push` is 32 bits wide) and clang under .code16. Stack slots are
 * reached through BP with 16-bit addresses: the same address through ESP takes two bytes more. */
#ifndef WELT_RUNTIME_ASSEMBLY_H
#define WELT_RUNTIME_ASSEMBLY_H

__asm__(".macro function name\n"
        ".pushsection .text.\\name, \"ax\", @progbits\n"
        ".globl \\name\n"
        ".type \\name, @function\n"
        "\\name:\n"
        ".endm\n"

        ".macro end_function name\n"
        ".size \\name, . - \\name\n"
        ".popsection\n"
        ".endm\n");

#endif
