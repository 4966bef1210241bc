        .code16
        .globl _start
_start: movw $big, %ax
        movw $set, %bx
        movb $big, %cl
        jmp far
