    .globl _start
    .text
_start:
    hlt
    .comm shared, 4, 4
    .data
    .long shared
