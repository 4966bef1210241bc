/* SPDX-License-Identifier: 0BSD
 *
 * The start of a .COM program (layout `com`), which DOS loads at 0x100 of a segment of its own.
 *
 * Requires: CS = DS = ES = SS and SP at the segment's end, as DOS leaves them (MS-DOS Programmer's
 * Reference). The stack is DOS's, so that a machine with less than 64 KiB left works; only ESP's
 * upper half is made sure of.
 * Provides: DF clear, .bss zeroed, main called; its value is what the program ends with (int 21h,
 * function 4Ch). main gets no argument. */
#include "crt0.h"

__asm__("function __start_com\n"
        "movzwl %sp, %esp\n"
        "cld\n"
        "xorw %ax, %ax\n"
        "zero_bss\n"
        "calll main\n"
        "movb $0x4c, %ah\n"
        "int $0x21\n"
        "end_function __start_com\n");
