        .section .rodata.str1.1, "aMS", @progbits, 1
        .globl again
again:  .asciz "hello world"
