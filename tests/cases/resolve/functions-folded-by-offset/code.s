# Functions that are equal in pairs but call one byte further into the one function or the start of the next.
        .code16
        .section .text._start, "ax"
        .globl _start
_start:
        call a
        call b
        call c
        call d
        call e
        call f
        call g
        call h
1:      hlt
        jmp 1b
        .section .text.first, "ax"
first:  nop
        mov $1, %ax
        ret
        .section .text.second, "ax"
second: nop
        mov $2, %ax
        ret
        .section .text.third, "ax"
third:  nop
        mov $3, %ax
        ret
        .section .text.a, "ax"
a:      call first + 1
        ret
        .section .text.b, "ax"
b:      call second
        ret
        .section .text.c, "ax"
c:      call first + 1
        ret
        .section .text.d, "ax"
d:      call second
        ret
        .section .text.e, "ax"
e:      call second + 1
        ret
        .section .text.f, "ax"
f:      call third
        ret
        .section .text.g, "ax"
g:      call second + 1
        ret
        .section .text.h, "ax"
h:      call third
        ret
