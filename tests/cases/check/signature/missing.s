        .code16
        .globl _start
_start: hlt
        jmp _start
        .org 600
        .byte 1
