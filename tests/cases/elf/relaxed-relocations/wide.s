# build: as --64
        .globl  _start, far
_start: movq    far@GOTPCREL(%rip), %rax
        movl    far@GOTPCREL(%rip), %ecx
        movq    near@GOTPCREL(%rip), %r9
        call    *far@GOTPCREL(%rip)
        jmp     *far@GOTPCREL(%rip)
        testl   %eax, far@GOTPCREL(%rip)
        addq    far@GOTPCREL(%rip), %rdx
        cmpq    %rax, far@GOTPCREL(%rip)
        pushq   near@GOTPCREL(%rip)
        .section .text.far, "ax"
far:    ret
        .data
        .globl  near
        .hidden near
near:   .quad   far
        .section .note.GNU-stack, ""
