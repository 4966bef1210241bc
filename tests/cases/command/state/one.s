    .globl _start
_start:
    .byte 1
