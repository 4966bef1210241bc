/* SPDX-License-Identifier: 0BSD
 *
 * The keyboard functions of welt/boot.h: int 16h [RBIL], functions 00h (wait for a key) and 01h
 * (ZF is clear when there is one). The extended functions 10h and 11h know more keys and are not
 * in every BIOS. */
#include "welt/boot.h"

#include "assembly.h"

__asm__("function boot_get_key\n"
        "movb $0, %ah\n"
        "int $0x16\n"
        "movzwl %ax, %eax\n"
        "retl\n"
        "end_function boot_get_key\n");

__asm__("function boot_key_ready\n"
        "movb $1, %ah\n"
        "int $0x16\n"
        "jnz 1f\n"
        "xorw %ax, %ax\n"
        "1: movzwl %ax, %eax\n"
        "retl\n"
        "end_function boot_key_ready\n");
