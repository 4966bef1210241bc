        .code16
        .text
        .globl _start
_start: .byte 0xeb
        .byte target - 1 - .
