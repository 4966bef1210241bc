        .globl  _start
        .text
_start: ret
        .data
        .long   1
        .section .tdata, "awT", @progbits
        .balign 16
        .long   1, 2, 3
        .section .tbss, "awT", @nobits
        .balign 32
        .skip   20
        .bss
        .skip   9
        .section .note.GNU-stack, ""
