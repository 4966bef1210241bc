    .globl _start
    .text
_start:
    hlt
    .data
    .long 1
    .section .more, "aw"
    .long 2
    .bss
    .skip 8
    .section .rodata
    .byte 3
