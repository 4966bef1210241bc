        .globl  start
start:  ret
        .section .rodata, "a"
        .long   start
