        .code16
        .section .text.thunk, "axG", @progbits, thunk, comdat
        .globl thunk
        .weak thunk
thunk:  mov $2, %ax
        ret
        .section .text.b, "ax"
        .globl b
b: call thunk
        ret
