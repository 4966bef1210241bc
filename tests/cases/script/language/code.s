        .text
        .globl _start
_start: .long first, last, sized, provided
        .section .text.b, "ax"
        .byte 0xbb
        .section .text.a, "ax"
        .byte 0xaa
        .data
        .globl mine
mine:   .byte 0xdd
        .section .drop, "a"
        .byte 0xee
        .bss
        .skip 5
