    .globl _start
    .text
_start:
    hlt
    .data
    .long _end
    .section .rodata
    .byte 1
    .section .more, "ax"
    .byte 2
    .section .constants, "a"
    .byte 3
    .section .notes, "a", @note
    .long 4, 4, 1, 0x41414141, 5
    .section .variables, "aw"
    .byte 6
    .section .zeroes, "aw", @nobits
    .skip 4
