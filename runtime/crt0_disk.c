/* SPDX-License-Identifier: 0BSD
 *
 * The start of an image of the layout `disk`: the first sector loads the others, then main runs.
 *
 *     0x7c00  first sector: this file and whatever else the program puts into .boot sections
 *     0x7e00  LBA 1 and on, __sector_count sectors: the rest of the program
 *
 * Requires: DL = boot drive; __sector_count from the layout, at most 1,215 (0x7e00 to 0x9fc00).
 * Provides: everything loaded, then what crt0.c provides. When the disk cannot be read it says so
 * and halts. Nothing outside .boot sections is touched before all sectors are there.
 *
 * The state of the loading is the disk address packet of the int 13h extensions (BIOS Enhanced Disk
 * Drive Specification 3.0, Device Address Packet), which lies on the stack at BP:
 *
 *     -2  tries left of this call      +4  offset, always 0       +8   LBA, 64 bits
 *     +0  size of the packet: 16       +6  segment                +16  the boot drive, 32 bits
 *     +2  sectors of this call                                         (__boot_drive)
 *
 * A call never goes beyond the next multiple of 32 KiB. That keeps it under 128 sectors, where some
 * BIOSes stop, and inside 64 KiB, where floppy DMA wraps, with one limit in place of two.
 *
 * Without the extensions the LBA becomes cylinder, head and sector by the geometry that int 13h
 * function 8 tells, and a call ends with the track at the latest. The cylinder fits a byte: 1,216
 * sectors are at most 152 tracks of the smallest diskette. */
#include "crt0.h"
#include "disk_steps.h"

__asm__(".pushsection .boot.rodata, \"a\", @progbits\n"
        ".Lmessage: .asciz \"disk read error\"\n"
        ".popsection\n"

        ".pushsection .boot.text, \"ax\", @progbits\n"
        ".globl __start_disk\n"
        ".type __start_disk, @function\n"
        "__start_disk:\n"

        "ljmpw $0, $1f\n"
        "1: xorl %eax, %eax\n"
        "set_flat_segments\n"
        "push_drive\n"

        "pushl $0\n"
        "pushl $1\n"
        "pushw $0x7e00 >> 4\n"
        "pushw $0\n"
        "pushw $0\n" /* the way in is as after a call of no sectors */
        "pushw $16\n"
        "movw %sp, %bp\n"
        "pushw %ax\n"

        ".Lread:\n"
        "movw 2(%bp), %ax\n"
        "addw %ax, 8(%bp)\n"
        "shlw $5, %ax\n"
        "addw %ax, 6(%bp)\n"
        "movb $4, -2(%bp)\n"

        /* The sectors of the next call: what is left of the program, what is left of 32 KiB. */
        ".Lnext:\n"
        "movw $__sector_count + 1, %ax\n"
        "subw 8(%bp), %ax\n"
        "jz .Lloaded\n"
        "movw 6(%bp), %cx\n"
        "shrw $5, %cx\n"
        "orw $-64, %cx\n"
        "negw %cx\n"
        "cmpw %cx, %ax\n"
        "jbe 1f\n"
        "xchgw %cx, %ax\n"
        "1: movw %ax, 2(%bp)\n"

        "ask_for_extensions 16\n"
        "movb $0x42, %ah\n"
        "movw %bp, %si\n"
        "int $0x13\n"
        "jmp .Lcalled\n"

        ".Lby_geometry:\n"
        "movb $8, %ah\n"
        "int $0x13\n"
        "jc .Lfailed\n"
        "andw $63, %cx\n" /* CX = sectors of a track */
        "jz .Lfailed\n"
        "movzbw %dh, %si\n"
        "incw %si\n" /* SI = heads */
        "movw 8(%bp), %ax\n"
        "cwtd\n"
        "divw %cx\n" /* AX = track, DX = sector of it, from 0 */
        "subw %dx, %cx\n"
        "cmpw %cx, 2(%bp)\n"
        "jbe 1f\n"
        "movw %cx, 2(%bp)\n"
        "1: movw %dx, %cx\n"
        "incw %cx\n"
        "cwtd\n"
        "divw %si\n" /* AX = cylinder, DX = head */
        "movb %al, %ch\n"
        "movb %dl, %dh\n"
        "movb 16(%bp), %dl\n"
        "movb 2(%bp), %al\n"
        "movb $2, %ah\n"
        "lesw 4(%bp), %bx\n"
        "int $0x13\n"

        ".Lcalled:\n"
        "jnc .Lread\n"

        ".Lfailed:\n"
        "movb $0, %ah\n"
        "movb 16(%bp), %dl\n"
        "int $0x13\n"
        "decb -2(%bp)\n"
        "jnz .Lnext\n"
        "movw $.Lmessage, %si\n"
        "1: lodsb\n"
        "movb $0x0e, %ah\n"
        "movw $7, %bx\n"
        "int $0x10\n"
        "cmpb $0, (%si)\n"
        "jne 1b\n"
        "jmp 9f\n"

        ".Lloaded:\n" /* AX is 0, as the jump here says */
        "leaw 16(%bp), %sp\n"
        "pushw %ds\n"
        "popw %es\n"
        "zero_bss\n"
        "movl 16(%bp), %eax\n"
        "call_main_and_halt\n"
        ".size __start_disk, . - __start_disk\n"
        ".popsection\n");
