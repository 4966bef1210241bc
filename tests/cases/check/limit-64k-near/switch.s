# What switches modes has code of both, and the 32-bit part may lie anywhere.
        .code16
        .globl _start
_start: movw buffer, %ax
        movl $wide, %eax
1:      hlt
        jmp 1b
        .section .text.wide, "ax"
        .code32
wide:   movl buffer, %eax
        addl buffer + 4, %eax
        ret
        .data
        .skip 8
buffer: .long 0
