/* SPDX-License-Identifier: 0BSD
 *
 * The start of an image of the layouts `sector`, `vbr` and `raw`: from the BIOS's jump to main().
 *
 * Requires: DL = boot drive, and nothing else: neither CS (most BIOSes enter at 0000:7c00, some at
 * 07c0:0000) nor any other register is certain (BIOS Boot Specification 1.01).
 * Provides: CS = DS = ES = SS = 0, ESP = __stack_top, DF clear, interrupts on, .bss zeroed, the
 * boot drive at __boot_drive, in EAX and in DL; main called; the machine halted when it returns. */
#include "crt0.h"

__asm__("function _start\n"
        "ljmpw $0, $1f\n"
        "1: xorl %eax, %eax\n"
        "set_flat_segments\n"
        "zero_bss\n"
        "push_drive\n"
        "call_main_and_halt\n"
        "end_function _start\n");
