/* SPDX-License-Identifier: 0BSD
 *
 * boot_e820 and boot_memory_map of welt/boot.h.
 *
 * Assembly, because entries are 64-bit numbers: of the same in C gcc made 449 bytes, not 226. */
#include "welt/boot.h"

#include "assembly.h"

/* Int 15h, function E820h [ACPI]: EBX stands for the entry to come, 0 at first and 0 again with the
 * last one; EDX and the answer's EAX are "SMAP"; carry means that there is no such entry or no such
 * function. A BIOS from before ACPI 3.0 writes 20 of the 24 bytes and leaves the attributes as they
 * are set here; their bit 0 clear means that the entry is to be ignored.
 *
 * DI = the entry; at BP the slots of pushal: +20 EDX, the capacity; +28 EAX, the count. */
__asm__("function boot_e820\n"
        "pushal\n"
        "movw %sp, %bp\n"
        "xchgl %eax, %edi\n"
        "xorl %ebx, %ebx\n"
        "movl %ebx, 28(%bp)\n"

        "1: movw 28(%bp), %ax\n"
        "cmpw 20(%bp), %ax\n"
        "jae 3f\n"
        "movl $1, 20(%di)\n"
        "movl $0xe820, %eax\n"
        "xorl %ecx, %ecx\n"
        "movb $24, %cl\n"
        "movl $0x534d4150, %edx\n"
        "int $0x15\n"
        "jc 3f\n"
        "cmpl $0x534d4150, %eax\n"
        "jne 3f\n"
        "testb $1, 20(%di)\n"
        "jz 2f\n"
        "incw 28(%bp)\n"
        "addw $24, %di\n"
        "2: testl %ebx, %ebx\n"
        "jnz 1b\n"

        "3: popal\n"
        "retl\n"
        "end_function boot_e820\n");

/* What older BIOSes tell [RBIL]. Int 12h: AX = KiB from 0. Int 15h, function E801h: AX = KiB from
 * 1 MiB to 16 MiB, BX = 64 KiB blocks from 16 MiB, and the same in CX and DX; some BIOSes fill the
 * one pair, some the other. Function 88h: AX = KiB from 1 MiB, with no hole assumed.
 *
 * At BP the slots of pushal: +20 EDX, the capacity; +24 ECX, the count; +28 EAX, the result. */
__asm__("function boot_memory_map\n"
        "pushal\n"
        "movw %sp, %bp\n"
        "movw %ax, %di\n"
        "calll boot_e820\n"
        "testl %eax, %eax\n"
        "jnz 3f\n"
        "movl %eax, 24(%bp)\n"

        "int $0x12\n"
        "movzwl %ax, %edx\n"
        "xorl %eax, %eax\n"
        "callw .Ladd_kilobytes\n"

        "xorw %cx, %cx\n"
        "xorw %dx, %dx\n"
        "movw $0xe801, %ax\n"
        "int $0x15\n"
        "jc 1f\n"
        "movw %cx, %si\n"
        "orw %dx, %si\n"
        "jz 2f\n"
        "movw %cx, %ax\n"
        "movw %dx, %bx\n"
        "jmp 2f\n"
        "1: xorw %bx, %bx\n"
        "movb $0x88, %ah\n"
        "int $0x15\n"
        "jnc 2f\n"
        "xorw %ax, %ax\n"

        "2: movzwl %ax, %edx\n"
        "movl $0x100000, %eax\n"
        "callw .Ladd_kilobytes\n"
        "movzwl %bx, %edx\n"
        "shll $6, %edx\n"
        "movl $0x1000000, %eax\n"
        "callw .Ladd_kilobytes\n"
        "movl 24(%bp), %eax\n"
        "3: movl %eax, 28(%bp)\n"
        "popal\n"
        "retl\n"

        /* EAX = base, EDX = KiB, DI = the entry. Leaves BX alone. */
        ".Ladd_kilobytes:\n"
        "movw 24(%bp), %cx\n"
        "cmpw 20(%bp), %cx\n"
        "jae 1f\n"
        "shll $10, %edx\n"
        "jz 1f\n"
        "incw 24(%bp)\n"
        "stosl\n"
        "xorl %eax, %eax\n"
        "stosl\n"
        "xchgl %edx, %eax\n"
        "stosl\n"
        "xorl %eax, %eax\n"
        "stosl\n"
        "incw %ax\n"
        "stosl\n"
        "stosl\n"
        "1: retw\n"
        "end_function boot_memory_map\n");
