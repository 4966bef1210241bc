        .globl  _start, far
_start: movl    far@GOT(%ebx), %eax
        movl    near@GOT(%ebx), %ecx
        call    *far@GOT(%ebx)
        jmp     *far@GOT(%ebx)
        testl   %eax, far@GOT(%ebx)
        addl    far@GOT(%ebx), %edx
        .section .text.far, "ax"
far:    ret
        .data
        .globl  near
        .hidden near
near:   .long   far
        .section .note.GNU-stack, ""
