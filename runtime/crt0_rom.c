/* SPDX-License-Identifier: 0BSD
 *
 * The start of an option ROM (layout `rom`): the BIOS calls offset 3 of it with a far call, in
 * whatever segment it put the ROM, and expects everything back as it was (Plug and Play BIOS
 * Specification 1.0A, option ROM initialization).
 *
 * Requires: the ROM's copy in memory is writable while it runs, as the PCI Local Bus Specification
 * promises for the time of initialization: .bss and the stack lie inside the image.
 * Provides: DS = ES = SS = CS, ESP = __stack_top, DF clear, .bss zeroed, main called, then every
 * register and the caller's stack restored and a far return. main gets no argument.
 *
 * The caller's SS and ESP wait in BX and ESI, which main must preserve under every calling
 * convention; .bss is zeroed before the stack is switched, so it does not matter if the stack is
 * part of it. */
#include "crt0.h"

__asm__("function __start_rom\n"
        "pushfw\n"
        "pushal\n"
        "pushw %ds\n"
        "pushw %es\n"
        "pushw %fs\n"
        "pushw %gs\n"

        "movw %cs, %ax\n"
        "movw %ax, %ds\n"
        "movw %ax, %es\n"
        "cld\n"
        "xorw %ax, %ax\n"
        "zero_bss\n"

        "movw %ss, %bx\n"
        "movl %esp, %esi\n"
        "movw %ds, %ax\n"
        "movw %ax, %ss\n"
        "movl $__stack_top, %esp\n"
        "calll main\n"
        "movw %bx, %ss\n"
        "movl %esi, %esp\n"

        "popw %gs\n"
        "popw %fs\n"
        "popw %es\n"
        "popw %ds\n"
        "popal\n"
        "popfw\n"
        "lretw\n"
        "end_function __start_rom\n");
