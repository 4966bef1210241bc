        .code16
        .section .text._start, "ax"
        .globl _start
_start: .fill 510, 1, 0x90
