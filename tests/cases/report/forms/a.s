        .code16
        .text
        .globl _start, value
_start: mov value, %ax
        hlt
        .data
value:  .word 1
