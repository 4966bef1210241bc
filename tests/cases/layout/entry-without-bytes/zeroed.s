        .code16
        .bss
        .globl _start
_start: .skip 4
