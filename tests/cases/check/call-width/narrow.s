        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %es
        call cmain
1:      hlt
        jmp 1b
