# build: as --32 -g
        .code16
        .globl _start
_start: movw $text, %si
        calll twice
1:      hlt
        jmp 1b
text:   .asciz "data has no line"
        .section .text.other, "ax"
        jmp _start
