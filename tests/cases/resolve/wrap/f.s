    .globl f
    .code16
f:
    nop
    callw f
    ret
