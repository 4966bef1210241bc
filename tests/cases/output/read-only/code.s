        .code16
        .text
        .globl _start
_start: hlt
