.globl _start
_start:
    nop
.section .far, "ax"
    .p2align 3
    nop
.data
    .byte 1
.section .more, "aw"
    .p2align 1
    .byte 2
.bss
    .space 3
.section .note.GNU-stack, "", @progbits
