/* A sector with no runtime and a layout of its own: what a build with a hand-written script links. */
        .code16
        .globl _start
_start: ljmp $0, $1f
1:      xorw %ax, %ax
        movw %ax, %ds
        movw $text, %si
2:      lodsb
        testb %al, %al
        jz 3f
        movb $0x0e, %ah
        movw $7, %bx
        int $0x10
        jmp 2b
3:      cli
        hlt
        .section .rodata
text:   .asciz "linked in place of ld"
