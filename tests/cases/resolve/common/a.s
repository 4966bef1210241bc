        .code16
        .text
        .globl _start
_start: .long large, own
        .comm large, 100, 32
        .bss
own:    .skip 3
