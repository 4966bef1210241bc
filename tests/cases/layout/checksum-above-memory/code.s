        .code16
        .globl  _start
_start: mov     %al, low
        .byte   1
        .bss
low:    .skip   4
