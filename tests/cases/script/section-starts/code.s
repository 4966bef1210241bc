        .text
        .globl _start
_start: .long a, b
        .data
a:      .byte 1
        .bss
b:      .skip 4
