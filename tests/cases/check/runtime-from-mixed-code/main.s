# 16-bit code that calls wide, and that holds, as data, the bytes of a 32-bit call: no message.
    .code16gcc
    .text
    .globl main
main:
    pushl $6
    pushl $text
    pushl $copy
    calll memcpy
    addl $12, %esp
    pushl $copy
    calll boot_print
    popl %eax
    jmp 1f
    .byte 0xe8
    .long memcpy - . - 4
1:  movl $text, %eax
    movl $copy, %edx
    retl

    .data
text: .asciz "wide!"
copy: .space 6
