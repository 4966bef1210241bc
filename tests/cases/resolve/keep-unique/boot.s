    .globl _start, one, two
    .section .text.start, "ax"
_start:
    jmp one
    jmp two
    .section .text.one, "ax"
one:
    inc %eax
    ret
    .section .text.two, "ax"
two:
    inc %eax
    ret
