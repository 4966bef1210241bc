        .code16
        .globl _start
_start: hlt
        jmp _start
        .section sig
        .word 0x1234
