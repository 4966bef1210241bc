# The last of the strings is a tail of both others: GNU ld takes the one that it takes, so do we.
    .text
    .globl _start
_start:
    .long one, two, tail
    .section .rodata.str1.1, "aMS", @progbits, 1
one:  .asciz "out of memory\n"
two:  .asciz "out of memory (2)\n"
tail: .asciz "\n"
