        .code16
        .text
        .globl three, one
three:  .fill 100, 1, 0x90
one:    ret
