    .globl _start
    .text
_start:
    hlt
    .data
    .long 1
