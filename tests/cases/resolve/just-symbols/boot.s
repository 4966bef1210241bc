    .globl _start
_start:
    .long there, fixed, _start
