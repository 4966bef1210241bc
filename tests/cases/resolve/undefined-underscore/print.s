        .code16
        .text
        .globl _print
_print: ret
