/* SPDX-License-Identifier: 0BSD
 *
 * boot_halt and boot_reboot of welt/boot.h. A reboot is the keyboard controller's reset line
 * (command FEh: IBM PC AT Technical Reference) and, for a machine without one, the reset vector:
 * chipsets and emulators survive the jump less often than the reset. */
#include "welt/boot.h"

#include "assembly.h"

__asm__("function boot_halt\n"
        "1: cli\n"
        "hlt\n"
        "jmp 1b\n"
        "end_function boot_halt\n");

__asm__("function boot_reboot\n"
        "movb $0xfe, %al\n"
        "outb %al, $0x64\n"
        "ljmpw $0xffff, $0\n"
        "end_function boot_reboot\n");
