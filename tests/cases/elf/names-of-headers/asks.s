# build: as --64
        .globl  _start
        .text
_start: leaq    __ehdr_start(%rip), %rax
        ret
        .hidden __ehdr_start
        .data
        .quad   __ehdr_start
        .section .note.GNU-stack, ""
