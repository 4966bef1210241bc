    .globl _start
    .text
_start:
    hlt
    .data
    .skip 0x40, 1
