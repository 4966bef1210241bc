# SPDX-License-Identifier: MIT
#
# The boot sector of the active partition: looks at what the master boot record handed over, DL and
# the entry of the partition table at DS:SI, and says what it found.
    .code16
    .globl _start
_start:
    movw $right, %di
    cmpb $0x80, %dl
    jne wrong
    cmpb $0x80, (%si)
    jne wrong
    cmpl $63, 8(%si)
    je print
wrong:
    movw $refused, %di
print:
    movb (%di), %al
    movb $0x0e, %ah
    movw $7, %bx
    int $0x10
    incw %di
    cmpb $0, (%di)
    jne print
halt:
    cli
    hlt
    jmp halt

    .section .rodata.texts, "a", @progbits
right:
    .asciz "partition started with its drive and entry\r\n"
refused:
    .asciz "DL or SI is wrong\r\n"
