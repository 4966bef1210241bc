        .code16
        .globl _start
_start: jmp far_away
        .section .text.far_away, "ax"
        .skip 0x20
        .globl far_away
far_away:
        hlt
        jmp far_away
