        .text
        .globl  _start
_start: ret
        .section .constants, "a"
        .long   1
        .data
        .long   2
        .bss
        .skip   4
