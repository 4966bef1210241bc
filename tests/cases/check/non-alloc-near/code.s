        .code16
        .globl _start
_start: hlt
        jmp _start
        .section sig, "a"
        .word 0x1234
        .section .comment
        .asciz "of a tool"
        .section .note.GNU-stack, "", @progbits
