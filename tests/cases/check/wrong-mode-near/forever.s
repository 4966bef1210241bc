# 16-bit code that returns nowhere; what it ends in is a ret for who reads it as 32-bit code.
        .code16
        .globl main
        .type main, @function
main:   hlt
        jmp main
        .size main, . - main
