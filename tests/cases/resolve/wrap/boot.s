    .globl _start
    .code16
_start:
    callw f
    callw __real_f
    hlt
