# Notes, of which the second is aligned to more, with what else is an orphan between them.
        .text
        .globl  _start
_start: ret
        .section .rodata
        .long   1
        .section .note.first, "a", @note
        .p2align 2
        .long   4, 4, 1, 0, 0
        .section .constants, "a"
        .long   2
        .section .note.second, "a", @note
        .p2align 3
        .long   4, 4, 1, 0, 0
        .section .others, "a"
        .long   3
        .section .later, "ax"
        .long   4
        .data
        .long   5
