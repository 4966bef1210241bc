        .code16
        .text
        .globl two
two:    ret
