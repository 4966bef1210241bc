        .code16
        .section .text._start, "ax"
        .globl _start
_start: hlt
        .section table, "a"
        .byte 1, 2, 3
        .section .rodata.unused, "a"
        .byte 9
