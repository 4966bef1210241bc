        .code16
        .globl _start
_start: cli
        movw $text, %si
1:      lodsb
        testb %al, %al
        jnz 1b
2:      hlt
        jmp 2b
text:   .asciz "text"
