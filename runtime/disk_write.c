/* SPDX-License-Identifier: 0BSD
 *
 * boot_disk_write: int 13h, functions 43h (AL = 0: no verify) and 03h. */
#include "welt/boot.h"

#define NAME "boot_disk_write"
__asm__(".macro extended\n"
        "movw $0x4300, %ax\n"
        ".endm\n"

        ".macro classic\n"
        "movb $3, %ah\n"
        ".endm\n");

#include "disk_transfer.h"
