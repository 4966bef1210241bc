/* SPDX-License-Identifier: 0BSD
 *
 * boot_debug_print of welt/boot.h: port E9h. */
#include "welt/boot.h"

#include "assembly.h"

__asm__("function boot_debug_print\n"
        "pushl %esi\n"
        "xchgl %eax, %esi\n"
        "jmp 2f\n"
        "1: outb %al, $0xe9\n"
        "2: lodsb\n"
        "testb %al, %al\n"
        "jnz 1b\n"
        "popl %esi\n"
        "retl\n"
        "end_function boot_debug_print\n");
