/* SPDX-License-Identifier: 0BSD
 *
 * What the five start-ups have in common: their entry points and the steps they share.
 *
 * A start-up is assembly because there is no stack when it begins. ESP is set in all 32 bits: code
 * from `gcc -m16` addresses its stack through ESP with an address-size prefix, so an upper half
 * that the BIOS left behind would end in a fault. */
#ifndef WELT_RUNTIME_CRT0_H
#define WELT_RUNTIME_CRT0_H

#include "assembly.h"

void _start(void);
void __start_mbr(void);
void __start_disk(void);
void __start_com(void);
void __start_rom(void);

/* Requires EAX = 0. The instruction after a load of SS runs before any interrupt (Intel SDM,
 * volume 2, MOV), so ESP must follow at once and no cli is needed. Interrupts are on afterwards:
 * int 19h may have come here with them off, and the BIOS waits for disks and keys with hlt. */
__asm__(".macro set_flat_segments\n"
        "movw %ax, %ds\n"
        "movw %ax, %es\n"
        "movw %ax, %ss\n"
        "movl $__stack_top, %esp\n"
        "cld\n"
        "sti\n"
        ".endm\n");

/* Requires DS = ES = the image's segment, DF clear, AL = 0. Leaves CX = 0.
 * The layout gives the size as a symbol of its own: a subtraction here would cost two bytes. */
__asm__(".macro zero_bss\n"
        "movw $__bss_start, %di\n"
        "movw $__bss_size, %cx\n"
        "rep stosb\n"
        ".endm\n");

/* Requires EAX = 0 but for AL, DL = the boot drive. The drive becomes main's argument both ways:
 * on the stack, at __boot_drive, for cdecl; in EAX for -mregparm=3. */
__asm__(".macro push_drive\n"
        "movb %dl, %al\n"
        "pushl %eax\n"
        ".endm\n");

/* An NMI ends a hlt even with interrupts off, hence the loop. */
__asm__(".macro call_main_and_halt\n"
        "calll main\n"
        "9: cli\n"
        "hlt\n"
        "jmp 9b\n"
        ".endm\n");

#endif
