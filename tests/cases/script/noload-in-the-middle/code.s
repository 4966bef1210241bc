    .globl _start
    .text
_start:
    hlt
    .data
    .long 0x11111111
    .section .last, "aw"
    .byte 7
