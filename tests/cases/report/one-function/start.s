        # A program's own beginning, which is not it.
        .code16gcc
        .globl  start
        .section .text.start, "ax"
start:  xor     %ax, %ax
        mov     %ax, %ds
        call    main
        jmp     .
