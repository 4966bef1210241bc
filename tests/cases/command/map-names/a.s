    .globl _start
_start:
    .long foo
    .long bar
