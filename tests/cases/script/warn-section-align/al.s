    .globl _start
_start:
    nop
    .balign 4
    .data
    .balign 16
    .long 1
