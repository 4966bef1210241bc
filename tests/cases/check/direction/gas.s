        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw $text, %si
1:      lodsb
        testb %al, %al
        jnz 1b
2:      hlt
        jmp 2b
text:   .asciz "text"
