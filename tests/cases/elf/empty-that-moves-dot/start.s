        .globl _start
        .text
_start: .byte 1, 2, 3, 4
        .data
        .bss
