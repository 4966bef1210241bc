    .globl __wrap_f
    .code16
__wrap_f:
    callw __real_f
    ret
