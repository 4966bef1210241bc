# What stands behind the end is a message: as instructions it would use ES.
        .code16
        .globl _start
_start: cli
        xorw %ax, %ax
        movw %ax, %ds
        cld
        movw $msg, %si
        movb $0x0e, %ah
1:      lodsb
        testb %al, %al
        jz 2f
        int $0x10
        jmp 1b
2:      hlt
        .ascii "lo"
msg:    .asciz "hello world"
