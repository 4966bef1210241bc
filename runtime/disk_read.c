/* SPDX-License-Identifier: 0BSD
 *
 * boot_disk_read: int 13h, functions 42h and 02h. */
#include "welt/boot.h"

#define NAME "boot_disk_read"
__asm__(".macro extended\n"
        "movb $0x42, %ah\n"
        ".endm\n"

        ".macro classic\n"
        "movb $2, %ah\n"
        ".endm\n");

#include "disk_transfer.h"
