# The jump to the entry must reach over what aligns the entry's section.
    .code16
    .text
    .p2align 8
    .skip 90, 0x90
    .globl _start
_start:
    hlt
