# The first object of many tutorials: segments, a stack, and on to C. No crt0 takes part.
.code16
.section .text
.global _start
_start:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $0x7c00, %esp
    cld
    calll kernel_main
1:  cli
    hlt
    jmp 1b
