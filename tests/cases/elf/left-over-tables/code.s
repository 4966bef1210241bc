.globl _start
_start:
    nop
.data
    .byte 1
.section .rodata
    .byte 2
.section .table, "a"
    .byte 3
.section .late, "ax"
    nop
.section .more, "aw"
    .byte 4
.bss
    .space 1
