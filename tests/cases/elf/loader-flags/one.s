        .globl  start
start:  ret
        .data
        .byte   1
