# build: as --64
        .globl  _start
        .text
_start: leaq    __init_array_start(%rip), %rax
        leaq    __init_array_end(%rip), %rax
        leaq    __fini_array_start(%rip), %rax
        leaq    __preinit_array_end(%rip), %rax
        ret
        .section .init_array, "aw", @init_array
        .quad   _start, _start
        .section .note.GNU-stack, ""
