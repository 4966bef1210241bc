# Linked for 0, run at 07c0:0.
        .code16
        .globl _start
        ljmp $0x07c0, $_start
        .ascii "welt"
_start: hlt
        jmp _start
        .org 510
        .byte 0x55, 0xaa
