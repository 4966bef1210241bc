    .section .text.c, "ax"
    .byte 1
    .section .text.a, "ax"
    .balign 4
    .byte 2
    .section .text.b, "ax"
    .balign 4
    .byte 3
    .section .data.c, "aw"
    .balign 2
    .byte 4
    .section .data.a, "aw"
    .byte 5
    .section .data.b, "aw"
    .balign 2
    .byte 6
    .section .init, "ax"
    .balign 2
    .byte 7
    .section .rodata.b, "a"
    .byte 8
    .section .rodata.a, "a"
    .balign 2
    .byte 9
