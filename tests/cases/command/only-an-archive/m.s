    .globl main
main:
    ret
