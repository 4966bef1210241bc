/* A program with a section of each kind, and marks in empty ones. */
    .globl _start, code_mark, table_mark, shared
_start:
    movl $word, %eax
    movl $cells, %eax
    ret
code_mark:

    .section .early, "a"
    .long 7

    .section .rodata.str1.1, "aMS", @progbits, 1
word:
    .asciz "ready"

    .section .rodata.cst4, "aM", @progbits, 4
    .long 0x1234

    .data
    .long word

    .bss
cells:
    .skip 100

    .section .tables, "a"
table_mark:

    .section .stub, "awx"
    .type shared, @gnu_unique_object
shared:
    .byte 0x90

    .section .remark, ""
    .ascii "not loaded"

    .section .note.GNU-stack, ""
