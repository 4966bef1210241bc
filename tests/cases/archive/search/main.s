        .code16
        .section .text._start, "ax"
        .globl _start
_start: call one
1:      hlt
        jmp 1b
