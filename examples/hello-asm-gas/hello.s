# SPDX-License-Identifier: 0BSD
#
# A boot sector in assembly for GNU as, with nothing of the runtime: a program that defines _start
# is on its own.
#
#     as --32 hello.s -o hello.o
#     welt hello.o -o boot.bin
#     qemu-system-i386 -drive file=boot.bin,format=raw,if=floppy
#
# Requires of the BIOS: the sector at 0x7c00. Uses SI, AX and BX.

        .code16
        .globl  _start

        .section .text._start, "ax"
_start: ljmp    $0, $1f                 # some BIOSes jump to 07c0:0000
1:      xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movw    $0x7c00, %sp
        cld

        movw    $message, %si
print:  lodsb
        testb   %al, %al
        jz      halt
        movb    $0x0e, %ah              # int 10h, function 0Eh: a character, then the cursor
        movw    $7, %bx                 # page 0, light grey
        int     $0x10
        jmp     print

halt:   cli
        hlt
        jmp     halt

        .section .rodata.message, "a"
message:
        .asciz  "Hello from GNU as!\r\n"

        .section .note.GNU-stack, "", @progbits
