        .code16gcc
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %es
        cld
        movw $__bss_start, %di
        movw $__bss_size, %cx
        rep stosb
        call main
1:      hlt
        jmp 1b
