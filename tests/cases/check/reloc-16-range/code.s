        .code16
        .globl _start
_start: movw $late, %si
1:      hlt
        jmp 1b
        .data
        .skip 0x9000
late:   .byte 1
