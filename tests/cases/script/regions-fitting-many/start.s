        .code16
        .globl _start
_start: jmp .
        .data
        .byte 7
        .section other, "aw"
        .byte 8
