/* SPDX-License-Identifier: 0BSD
 *
 * boot_disk_read_sector of welt/boot.h: what boot_disk_read does, for one sector and in 66
 * bytes less. See disk_transfer.h for the packet at BP and the slots of pushal above it; here
 *
 *     +38  EDX: tries left       +46  EAX: the drive, at the end the status
 *
 * Requires, as regparm(3) passes it: EAX = drive, EDX = LBA, ECX = linear address; DS = SS. */
#include "welt/boot.h"

#include "disk_steps.h"

__asm__("function boot_disk_read_sector\n"
        "pushal\n"
        "pushw %es\n"
        "pushl $0\n"
        "pushl %edx\n"
        "rorl $4, %ecx\n"
        "pushw %cx\n"
        "shrl $28, %ecx\n"
        "pushw %cx\n"
        "pushw $0\n"
        "pushw $16\n"
        "movw %sp, %bp\n"
        "movb $4, 38(%bp)\n"

        ".Ltry:\n"
        "movb $1, 2(%bp)\n" /* a BIOS that fails writes here how many it could */
        "ask_for_extensions 46\n"
        "movb $0x42, %ah\n"
        "movw %bp, %si\n"
        "int $0x13\n"
        "jmp .Lcalled\n"

        ".Lby_geometry:\n"
        "find_track\n"
        "find_cylinder 46\n"
        "movw $0x0201, %ax\n"
        "lesw 4(%bp), %bx\n"
        "int $0x13\n"

        ".Lcalled:\n"
        "movb $0, %al\n" /* leaves carry alone */
        "jnc .Lreturn\n"
        "jmp .Lfailed\n"
        "reset_and_try .Ltry, 46, 38\n"

        ".Lreturn:\n"
        "movb %al, 46(%bp)\n"
        "addw $16, %sp\n"
        "popw %es\n"
        "popal\n"
        "retl\n"
        "end_function boot_disk_read_sector\n");
