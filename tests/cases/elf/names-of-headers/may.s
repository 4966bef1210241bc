# build: as --64
        .globl  _start
        .text
_start: leaq    __ehdr_start(%rip), %rax
        ret
        .weak   __ehdr_start
        .hidden __ehdr_start
        .data
        .long   1
        .section .note.GNU-stack, ""
