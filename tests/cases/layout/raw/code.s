        .code16
        .text
        .globl _start
_start: .word _start, after
        .data
after:  .byte 1
