        .text
        .globl _start
_start: .byte low8, high8
        .word low16, high16
        .long low16, top
        .byte near - .
