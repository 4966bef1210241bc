    .globl _start
    .text
_start:
    ret
    .section .rodata, "a"
    .long 1
    .data
    .long 2
    .bss
    .skip 8
    .section .extra, "aw"
    .byte 7
    .section .note.x, "a", @note
    .long 0
