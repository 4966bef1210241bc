        .code16
        .globl _start
_start: jmp large
        .type _start, @function
        .size _start, . - _start
        .globl large
        .type large, @function
large:  .fill 500, 1, 0x90
        .size large, . - large
        .globl middle
        .type middle, @function
middle: .fill 60, 1, 0x90
        .size middle, . - middle
