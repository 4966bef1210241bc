        .code16
        .globl _start
_start: jmp .
