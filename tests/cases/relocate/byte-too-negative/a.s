        .text
        .globl _start
_start: .byte low
