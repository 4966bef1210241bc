# Second stages of hand-written loaders stand in sections without flags that the script puts beside .text.
        .code16
        .globl _start
_start: hlt
        jmp _start
        .section .stage2
        .word 0x1234
