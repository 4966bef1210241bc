        .code16
        .globl  again
again:  ret
