        .code16
        .globl _start
_start: call second
        hlt
