        .code16
        .globl _start
_start: hlt
        jmp _start
        .org 508
        .byte 0x55, 0xaa
        .word 0
