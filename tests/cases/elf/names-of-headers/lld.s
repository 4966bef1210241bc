# build: as --64
        .globl  _start
        .text
_start: leaq    __ehdr_start(%rip), %rax
        leaq    __executable_start(%rip), %rax
        leaq    __dso_handle(%rip), %rax
        ret
        .section .note.GNU-stack, ""
