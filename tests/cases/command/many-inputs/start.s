        .code16
        .text
        .globl _start
_start: hlt
        .long part_1, part_300
