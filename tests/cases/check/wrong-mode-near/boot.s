# A boot sector that switches to protected mode and goes on in 32-bit C: rightly of both modes.
        .code16
        .globl _start
_start: cli
        xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %ss
        movw $0x7c00, %sp
        lgdt descriptor
        movl %cr0, %eax
        orb $1, %al
        movl %eax, %cr0
        ljmp $8, $wide
        .code32
wide:   movw $16, %ax
        movw %ax, %ds
        movw %ax, %ss
        movl $0x7c00, %esp
        call kernel
1:      hlt
        jmp 1b
table:  .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
descriptor:
        .word 23
        .long table
