    .globl _start
    .text
_start:
    hlt
    .section .t.b, "a"
    .byte 1
    .section .t.c10, "a"
    .byte 2
    .section .t.a, "a"
    .byte 3
    .section .p.65530, "a"
    .byte 4
    .section .p.name, "a"
    .byte 5
    .section .p.00200, "a"
    .byte 6
    .section .p.7, "a"
    .byte 7
