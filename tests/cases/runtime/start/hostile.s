# SPDX-License-Identifier: MIT
#
# A boot sector that starts the next one, LBA 1, as badly as a BIOS may: at 07c0:0000, interrupts
# off, direction flag set, every register but DL full of rubbish, rubbish in memory.
    .code16
    .globl _start
_start:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x600, %sp
    cld
    movw $0x7c00, %si
    movw $0x600, %di
    movw $256, %cx
    rep movsw
    ljmpw $0, $moved - 0x7c00 + 0x600
moved:
    movw $0x0201, %ax
    movw $0x7c00, %bx
    movw $0x0002, %cx
    movb $0, %dh
    int $0x13
    jc moved

    movw $0x7e00, %di
    movw $0x1000, %cx
    movb $0xcc, %al
    rep stosb

    movzbl %dl, %edx
    orl $0xdeadbe00, %edx
    movl $0xdeadbeef, %eax
    movl %eax, %ebx
    movl %eax, %ecx
    movl %eax, %esi
    movl %eax, %edi
    movl %eax, %ebp
    cli
    std
    movw $0x9000, %bx
    movw %bx, %ss
    movl $0xdead8000, %esp
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    ljmpw $0x07c0, $0

    .org 510
    .word 0xaa55
