        .code16
        .section .text._start, "ax"
        .globl _start
_start: call one
        call two
        mov $taken, %ax
1:      hlt
        jmp 1b
        .section .text.one, "ax"
one:    mov $5, %ax
        ret
        .section .text.two, "ax"
two:    mov $5, %ax
        ret
        .section .text.taken, "ax"
taken:  mov $5, %ax
        ret
