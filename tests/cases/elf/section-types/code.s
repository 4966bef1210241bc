    .globl _start
    .text
_start:
    hlt
    .data
    .byte 1, 2
    .section .more, "aw"
    .byte 3
    .section .constants, "a"
    .byte 4
    .bss
    .skip 5
    .section .kept_apart, ""
    .byte 6, 7
