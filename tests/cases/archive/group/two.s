        .code16
        .text
        .globl two
two:    call four
        ret
