    .globl _start
    .text
_start:
    hlt
    .section .gnu.linkonce.t.twin, "ax"
    .weak twin
twin:
    .byte 1
