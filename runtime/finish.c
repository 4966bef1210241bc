/* SPDX-License-Identifier: 0BSD
 *
 * boot_halt and boot_reboot of welt/boot.h. */
#include "welt/boot.h"

#include "assembly.h"

__asm__("function boot_halt\n"
        "1: cli\n"
        "hlt\n"
        "jmp 1b\n"
        "end_function boot_halt\n");

__asm__("function boot_reboot\n"
        "ljmpw $0xffff, $0\n"
        "end_function boot_reboot\n");
