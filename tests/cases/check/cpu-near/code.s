        .code16
        .globl _start
_start: pushw $1
        movzbw %al, %ax
        movl $1, %eax
        bswapl %eax
        cpuid
        cmovew %ax, %bx
        jmp 1f
        .ascii "f: no code"
1:      hlt
        jmp 1b
