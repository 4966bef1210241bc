    .globl _start
_start:
    .byte 1
    .section mine, "a"
    .byte 2
