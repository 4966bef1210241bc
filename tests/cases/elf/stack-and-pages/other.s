    .globl second
second:
    movl $word, %eax
    ret
    .section .rodata
word:
    .asciz "w"
    .section .constants, "a"
    .long 1
    .data
    .long 2
    .bss
    .skip 8
