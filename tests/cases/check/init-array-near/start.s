        .code16gcc
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %es
        movl $first, %esi
1:      cmpl $last, %esi
        jae 2f
        calll *(%esi)
        addl $4, %esi
        jmp 1b
2:      movl $bss_start, %edi
        cld
        movl $4, %ecx
        rep stosb
        calll main
3:      hlt
        jmp 3b
