        .code16
        .section .text._start, "ax"
        .globl _start
_start: hlt
        .section .text.unused, "ax"
        .fill 400, 1, 0x90
