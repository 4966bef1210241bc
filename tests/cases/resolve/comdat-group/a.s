        .code16
        .section .text.thunk, "axG", @progbits, thunk, comdat
        .globl thunk
        .weak thunk
thunk:  mov $1, %ax
        ret
        .section .text._start, "ax"
        .globl _start
_start: call thunk
        ret
        call b
