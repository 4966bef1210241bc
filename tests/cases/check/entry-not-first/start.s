        .code16
        .globl _start
_start: movb $'A', %al
        call put
1:      hlt
        jmp 1b
