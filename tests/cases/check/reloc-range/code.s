        .code16
        .globl _start
_start: .byte 0xeb
        .byte far_away - . - 1
        hlt
        .section .text.far_away, "ax"
        .skip 200
        .globl far_away
far_away:
        hlt
        jmp far_away
