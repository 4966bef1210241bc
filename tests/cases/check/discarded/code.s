        .code16
        .globl _start
_start: call gone
        .section .text.gone, "ax"
        .globl gone
gone:   ret
