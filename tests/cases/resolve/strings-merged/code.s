        .code16
        .section .text._start, "ax"
        .globl _start
_start: .word tail, whole, again
        .section .rodata.str1.1, "aMS", @progbits, 1
tail:   .asciz "world"
whole:  .asciz "hello world"
dead:   .asciz "nobody reads this"
