        .text
        .globl _start
_start: .word low
