/* SPDX-License-Identifier: 0BSD
 *
 * boot_disk_read_sector of welt/boot.h: what boot_disk_read does, for one sector and in 66
 * bytes less. See disk_transfer.h for the packet at BP and the slots of pushal above it; here
 *
 *     +38  EDX: tries left       +46  EAX: the drive, at the end the status
 *
 * Requires, as regparm(3) passes it: EAX = drive, EDX = LBA, ECX = linear address; DS = SS. */
#include "welt/boot.h"

#include "assembly.h"

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
        "movb 46(%bp), %dl\n"
        "movb $0x41, %ah\n"
        "movw $0x55aa, %bx\n"
        "int $0x13\n"
        "jc .Lby_geometry\n"
        "cmpw $0xaa55, %bx\n"
        "jne .Lby_geometry\n"
        "shrw $1, %cx\n"
        "jnc .Lby_geometry\n"
        "movb $0x42, %ah\n"
        "movw %bp, %si\n"
        "int $0x13\n"
        "jmp .Lcalled\n"

        ".Lby_geometry:\n"
        "movb $8, %ah\n"
        "int $0x13\n"
        "jc .Lfailed\n"
        "andl $63, %ecx\n" /* ECX = sectors of a track */
        "jz .Lnot_there\n"
        "movzbl %dh, %esi\n"
        "incw %si\n" /* ESI = heads */
        "movl 8(%bp), %eax\n"
        "xorl %edx, %edx\n"
        "divl %ecx\n" /* EAX = track, EDX = sector of it, from 0 */
        "movw %dx, %cx\n"
        "incw %cx\n"
        "xorl %edx, %edx\n"
        "divl %esi\n" /* EAX = cylinder, EDX = head */
        "cmpl $1023, %eax\n"
        "ja .Lnot_there\n"
        "movb %al, %ch\n" /* CX = cylinder 7-0, cylinder 9-8, sector */
        "shlb $6, %ah\n"
        "orb %ah, %cl\n"
        "movb %dl, %dh\n"
        "movb 46(%bp), %dl\n"
        "movw $0x0201, %ax\n"
        "lesw 4(%bp), %bx\n"
        "int $0x13\n"

        ".Lcalled:\n"
        "movb $0, %al\n" /* leaves carry alone */
        "jnc .Lreturn\n"
        "jmp .Lfailed\n"
        ".Lnot_there:\n"
        "movb $4, %ah\n" /* the BIOS's status for a sector that is not found */
        ".Lfailed:\n"
        "pushw %ax\n"
        "movb $0, %ah\n"
        "movb 46(%bp), %dl\n"
        "int $0x13\n"
        "popw %ax\n"
        "decb 38(%bp)\n"
        "jnz .Ltry\n"
        "movb %ah, %al\n"

        ".Lreturn:\n"
        "movb %al, 46(%bp)\n"
        "addw $16, %sp\n"
        "popw %es\n"
        "popal\n"
        "retl\n"
        "end_function boot_disk_read_sector\n");
