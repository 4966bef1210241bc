        .code16
        .text
        .globl _start
_start: call helper
1:      hlt
        jmp 1b
