/* SPDX-License-Identifier: 0BSD
 *
 * The body of boot_disk_read and boot_disk_write, included by disk_read.c and disk_write.c after
 * they define NAME and the assembler macros `extended` and `classic`, which put the number of the
 * int 13h function into AH. Two copies, because few programs do both, and telling them apart at run
 * time would cost all the others a dozen bytes.
 *
 * Requires, as regparm(3) passes it: EAX = drive, EDX = LBA, ECX = sectors, and on the stack the
 * linear address; DS = SS. Provides: EAX = 0 or the BIOS's status; ES and the registers that a
 * callee keeps as they were, upper halves too.
 *
 * The state is the disk address packet of the int 13h extensions (BIOS Enhanced Disk Drive
 * Specification 3.0, Device Address Packet), which lies on the stack at BP, and above it the slots
 * of pushal:
 *
 *     +0  size of the packet: 16      +8   LBA, 64 bits          +46  EAX: the drive, at the end
 *     +2  sectors of this call        +16  ES                         the status
 *     +4  offset, below 16            +38  EDX: tries left       +54  the address
 *     +6  segment                     +42  ECX: sectors left
 *
 * A call never goes beyond the next multiple of 32 KiB of memory. That keeps it under 128 sectors,
 * where some BIOSes stop, and inside 64 KiB, where floppy DMA wraps, with one limit in place of
 * two. Without the extensions it ends with the track at the latest too. */
#include "disk_steps.h"

__asm__("function " NAME "\n"
        "pushal\n"
        "pushw %es\n"
        "pushl $0\n"
        "pushl %edx\n"
        "movw %sp, %bp\n"
        "movl 46(%bp), %eax\n"
        "rorl $4, %eax\n"
        "pushw %ax\n"
        "shrl $28, %eax\n"
        "pushw %ax\n"
        "pushw $0\n" /* the way in is as after a call of no sectors */
        "pushw $16\n"
        "movw %sp, %bp\n"

        ".Ldone:\n"
        "movzwl 2(%bp), %eax\n"
        "addl %eax, 8(%bp)\n"
        "subl %eax, 42(%bp)\n"
        "shlw $5, %ax\n"
        "addw %ax, 6(%bp)\n"
        "movb $4, 38(%bp)\n"

        /* The sectors of the next call: what is left of 32 KiB, what is left to do. */
        ".Lnext:\n"
        "movw 6(%bp), %ax\n"
        "shrw $5, %ax\n"
        "orw $-64, %ax\n"
        "negw %ax\n"
        "cwtl\n"
        "cmpl 42(%bp), %eax\n"
        "jbe 1f\n"
        "movw 42(%bp), %ax\n"
        "1: movw %ax, 2(%bp)\n"
        "testw %ax, %ax\n"
        "jz .Lreturn\n"

        "ask_for_extensions 46\n"
        "extended\n"
        "movw %bp, %si\n"
        "int $0x13\n"
        "jmp .Lcalled\n"

        ".Lby_geometry:\n"
        "find_track\n"
        "subw %dx, %cx\n"
        "cmpw %cx, 2(%bp)\n"
        "jbe 1f\n"
        "movw %cx, 2(%bp)\n"
        "1: find_cylinder 46\n"
        "movb 2(%bp), %al\n"
        "classic\n"
        "lesw 4(%bp), %bx\n"
        "int $0x13\n"

        ".Lcalled:\n"
        "jnc .Ldone\n"
        "jmp .Lfailed\n"
        "reset_and_try .Lnext, 46, 38\n"

        ".Lreturn:\n" /* AL is 0 after the jump here */
        "movb %al, 46(%bp)\n"
        "addw $16, %sp\n"
        "popw %es\n"
        "popal\n"
        "retl\n"
        "end_function " NAME "\n");
