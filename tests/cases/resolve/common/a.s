        .code16
        .text
        .globl _start
_start: .long small, large, own, last
        .comm small, 2, 2
        .comm large, 100, 32
        .comm last, 1, 1
        .bss
own:    .skip 3
