/* SPDX-License-Identifier: 0BSD
 *
 * The start of an image of the layout `mbr`: it is loaded at 0x7c00 and linked to run at 0x600, so
 * that the boot sector of a partition can be loaded over it.
 *
 * Requires: DL = boot drive, the 512 bytes at 0x7c00. The code before the far jump does not depend
 * on where it runs: that is 0x7c00 (or 07c0:0000) although its symbols say 0x600.
 * Provides: the whole sector, partition table included, at __image_start, then what crt0.c does. */
#include "crt0.h"

__asm__("function __start_mbr\n"
        "xorl %eax, %eax\n"
        "set_flat_segments\n"
        "movw $0x7c00, %si\n"
        "movw $__image_start, %di\n"
        "movw $256, %cx\n"
        "rep movsw\n"
        "ljmpw $0, $1f\n"
        "1:\n"
        "zero_bss\n"
        "push_drive\n"
        "call_main_and_halt\n"
        "end_function __start_mbr\n");
