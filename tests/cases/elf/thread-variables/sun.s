# i386 as GNU ld has it from Solaris, and lld has not: distances back to the pointer.
        .globl  _start
        .text
_start: movl    own@gottpoff(%ebx), %eax
        movl    own@gottpoff(%ebx), %ecx
        subl    own@gottpoff(%ebx), %edx
        addl    own@gotntpoff(%ecx), %esp
        .section .tdata, "awT", @progbits
        .balign 16
        .long   1
own:    .long   3
        .section .note.GNU-stack, ""
