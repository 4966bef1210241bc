    .globl _start
    .text
_start:
    hlt
    .data
    .long aligned, placed, behind, end
