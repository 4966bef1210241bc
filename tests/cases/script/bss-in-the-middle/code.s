        .text
        .globl _start
_start: .long zero, after
        .bss
zero:   .skip 10
        .data
after:  .byte 0xdd
