/* SPDX-License-Identifier: 0BSD
 *
 * boot_ticks and boot_delay of welt/boot.h: int 1Ah [RBIL], function 00h (CX:DX = ticks since
 * midnight). */
#include "welt/boot.h"

#include "assembly.h"

__asm__("function boot_ticks\n"
        "movb $0, %ah\n"
        "int $0x1a\n"
        "pushw %cx\n"
        "pushw %dx\n"
        "popl %eax\n"
        "retl\n"
        "end_function boot_ticks\n");

/* Counts changes instead of comparing with an end: the count starts again at midnight. */
BOOT_CALL void boot_delay(uint32_t ticks)
{
    uint32_t last = boot_ticks();
    while (ticks) {
        __asm__ volatile("hlt");
        uint32_t now = boot_ticks();
        ticks -= now != last;
        last = now;
    }
}
