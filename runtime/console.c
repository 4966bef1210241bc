/* SPDX-License-Identifier: 0BSD
 *
 * The console functions of welt/boot.h: int 10h [RBIL], function 0Eh (teletype: AL = character,
 * BH = page, BL = colour in graphics modes), 02h (cursor) and 00h (mode).
 *
 * boot_print does not call boot_putc, nor the other way round: most programs need one of them.
 * pushal keeps what the BIOS may spoil: some lose BP when the screen scrolls. */
#include "welt/boot.h"

#include "assembly.h"

__asm__("function boot_print\n"
        "pushal\n"
        "xchgl %eax, %esi\n"
        "jmp 3f\n"
        "1: cmpb $'\\n', %al\n"
        "jne 2f\n"
        "movw $0x0e0d, %ax\n"
        "int $0x10\n"
        "movb $'\\n', %al\n"
        "2: movb $0x0e, %ah\n"
        "int $0x10\n"
        "3: movw $7, %bx\n"
        "lodsb\n"
        "testb %al, %al\n"
        "jnz 1b\n"
        "popal\n"
        "retl\n"
        "end_function boot_print\n");

__asm__("function boot_putc\n"
        "pushal\n"
        "movw $7, %bx\n"
        "cmpb $'\\n', %al\n"
        "jne 1f\n"
        "movw $0x0e0d, %ax\n"
        "int $0x10\n"
        "movb $'\\n', %al\n"
        "1: movb $0x0e, %ah\n"
        "int $0x10\n"
        "popal\n"
        "retl\n"
        "end_function boot_putc\n");

/* Both write their digits from the last to the first below a zero on the stack, then print them. */

__asm__("function boot_print_hex\n"
        "pushal\n"
        "pushl $0\n"
        "movw %sp, %di\n"
        "subw $8, %sp\n"
        "xchgl %eax, %ecx\n"
        "1: movb %cl, %al\n"
        "andb $15, %al\n"
        "cmpb $10, %al\n" /* 0 to 15 becomes '0' to 'F': cmp, sbb and das know the gap */
        "sbbb $0x69, %al\n"
        "das\n"
        "decw %di\n"
        "movb %al, (%di)\n"
        "shrl $4, %ecx\n"
        "decw %dx\n"
        "jnz 1b\n"
        "movzwl %di, %eax\n"
        "calll boot_print\n"
        "addw $12, %sp\n"
        "popal\n"
        "retl\n"
        "end_function boot_print_hex\n");

__asm__("function boot_print_dec\n"
        "pushal\n"
        "pushl $0\n"
        "movw %sp, %di\n"
        "subw $12, %sp\n"
        "xorl %ecx, %ecx\n"
        "movb $10, %cl\n"
        "1: xorl %edx, %edx\n"
        "divl %ecx\n"
        "addb $'0', %dl\n"
        "decw %di\n"
        "movb %dl, (%di)\n"
        "testl %eax, %eax\n"
        "jnz 1b\n"
        "movzwl %di, %eax\n"
        "calll boot_print\n"
        "addw $16, %sp\n"
        "popal\n"
        "retl\n"
        "end_function boot_print_dec\n");

__asm__("function boot_set_cursor\n"
        "pushal\n"
        "movb %al, %dh\n"
        "movb $0, %bh\n"
        "movb $2, %ah\n"
        "int $0x10\n"
        "popal\n"
        "retl\n"
        "end_function boot_set_cursor\n");

__asm__("function boot_clear\n"
        "pushal\n"
        "movw $0x0003, %ax\n"
        "int $0x10\n"
        "popal\n"
        "retl\n"
        "end_function boot_clear\n");
