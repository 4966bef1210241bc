/* SPDX-License-Identifier: 0BSD
 *
 * boot_copy of welt/boot.h: linear addresses, at most 32 KiB at a time, so that neither offset
 * leaves its segment.
 *
 * Requires: EAX = to, EDX = from, ECX = bytes, as regparm(3) passes them. */
#include "welt/boot.h"

#include "assembly.h"

__asm__(".macro linear_to_far linear, segment, offset, offset_word\n"
        "movl \\linear, \\offset\n"
        "shrl $4, \\offset\n"
        "movw \\offset_word, \\segment\n"
        "movl \\linear, \\offset\n"
        "andw $15, \\offset_word\n"
        ".endm\n"

        "function boot_copy\n"
        "pushal\n"
        "pushw %ds\n"
        "pushw %es\n"
        "movl %ecx, %ebx\n" /* EBX = bytes left */
        "1: linear_to_far %eax, %es, %edi, %di\n"
        "linear_to_far %edx, %ds, %esi, %si\n"
        "movl $0x8000, %ecx\n"
        "cmpl %ebx, %ecx\n"
        "jbe 2f\n"
        "movl %ebx, %ecx\n"
        "2: subl %ecx, %ebx\n"
        "addl %ecx, %eax\n"
        "addl %ecx, %edx\n"
        "rep movsb\n"
        "testl %ebx, %ebx\n"
        "jnz 1b\n"
        "popw %es\n"
        "popw %ds\n"
        "popal\n"
        "retl\n"
        "end_function boot_copy\n");
