# The walk from the entry comes by neither of these; their references show that they are code.
        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw $tick, 0x70
        movw %ax, 0x72
        movw kind, %bx
        call *table(%bx)
1:      hlt
        jmp 1b
tick:   pusha
        incw count
        popa
        iret
table:  .word first, second
kind:   .word 0
first:  pushw %fs
        movw count, %ax
        ret
second: bswapl %eax
        ret
name:   .ascii "hP"
        .word count
        .byte 0xc3
count:  .word 0
