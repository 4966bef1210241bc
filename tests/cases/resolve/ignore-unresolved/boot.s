    .globl _start
_start:
    .long missing, lost
