        .text
        .globl _start, twice
_start: .long twice
twice:  .byte 1
