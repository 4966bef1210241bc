# A sector that was written whole, and the second stage behind it, in one section.
        .code16
        .globl _start
_start: hlt
        jmp _start
        .org 510
        .byte 0x55, 0xaa
second: hlt
        jmp second
        .org 1024
