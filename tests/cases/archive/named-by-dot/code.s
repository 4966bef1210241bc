        .code16
        .globl _start
_start: jmp _start
        .data
        .word 0x1234
