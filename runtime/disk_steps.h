/* SPDX-License-Identifier: 0BSD
 *
 * The steps of reading a sector by int 13h that crt0_disk.c, disk_read_sector.c and disk_transfer.h
 * share. Each of them keeps the disk address packet of the int 13h extensions (BIOS Enhanced Disk
 * Drive Specification 3.0, Device Address Packet) on the stack at BP, the sectors of the call at +2
 * and the LBA at +8; they differ in where the drive and the tries left lie, which is what the
 * macros are told, and in the labels .Lby_geometry, .Lfailed and .Lnot_there, which each has. */
#ifndef WELT_RUNTIME_DISK_STEPS_H
#define WELT_RUNTIME_DISK_STEPS_H

#include "assembly.h"

/* DL = the drive; on to .Lby_geometry when its BIOS has no extensions for it (function 41h). */
__asm__(".macro ask_for_extensions drive\n"
        "movb \\drive(%bp), %dl\n"
        "movb $0x41, %ah\n"
        "movw $0x55aa, %bx\n"
        "int $0x13\n"
        "jc .Lby_geometry\n"
        "cmpw $0xaa55, %bx\n"
        "jne .Lby_geometry\n"
        "shrw $1, %cx\n"
        "jnc .Lby_geometry\n"
        ".endm\n"

        /* ECX = sectors of a track, ESI = heads, EAX = track, EDX = sector of it, from 0. */
        ".macro find_track\n"
        "movb $8, %ah\n"
        "int $0x13\n"
        "jc .Lfailed\n"
        "andl $63, %ecx\n"
        "jz .Lnot_there\n"
        "movzbl %dh, %esi\n"
        "incw %si\n"
        "movl 8(%bp), %eax\n"
        "xorl %edx, %edx\n"
        "divl %ecx\n"
        ".endm\n"

        /* From EAX = track, ESI = heads, DX = sector of the track to what functions 2 and 3 want:
         * CX = cylinder 7-0, cylinder 9-8, sector from 1; DH = head, DL = drive. */
        ".macro find_cylinder drive\n"
        "movw %dx, %cx\n"
        "incw %cx\n"
        "xorl %edx, %edx\n"
        "divl %esi\n"
        "cmpl $1023, %eax\n"
        "ja .Lnot_there\n"
        "movb %al, %ch\n"
        "shlb $6, %ah\n"
        "orb %ah, %cl\n"
        "movb %dl, %dh\n"
        "movb \\drive(%bp), %dl\n"
        ".endm\n"

        /* After a call that failed: the drive is reset; on to `again` while there are tries left,
         * else AL = the status. .Lnot_there is the BIOS's status for a sector that is not found. */
        ".macro reset_and_try again, drive, tries\n"
        ".Lnot_there:\n"
        "movb $4, %ah\n"
        ".Lfailed:\n"
        "pushw %ax\n"
        "movb $0, %ah\n"
        "movb \\drive(%bp), %dl\n"
        "int $0x13\n"
        "popw %ax\n"
        "decb \\tries(%bp)\n"
        "jnz \\again\n"
        "movb %ah, %al\n"
        ".endm\n");

#endif
