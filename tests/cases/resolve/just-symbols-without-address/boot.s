    .globl _start
_start:
    .long there, shared, elsewhere
