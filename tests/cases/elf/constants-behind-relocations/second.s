        .text
        .globl  more, second
more:   jmp     .
second: .long   start
        .bss
        .skip   4
        .section .eh_frame, "a"
        .long   0
        .section .pages, "aw"
        .balign 256
        .long   second
