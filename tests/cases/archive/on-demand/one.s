        .code16
        .text
        .globl one
one:    call two
        ret
