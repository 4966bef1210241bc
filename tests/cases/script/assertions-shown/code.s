    .globl _start
_start:
    nop
    nop
    nop
    ret
