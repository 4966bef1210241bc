        .code16gcc
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        call main
1:      hlt
        jmp 1b
