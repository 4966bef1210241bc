    .globl _start
_start:
    ret
    .data
    .byte 1
