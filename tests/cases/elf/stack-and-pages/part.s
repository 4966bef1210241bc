    .globl _start
_start:
    .include "body.inc"
    .section .note.GNU-stack, "", @progbits
