        .text
        .globl _start
        .hidden helper
_start: .long helper
