        .text
        .globl helper
        .hidden helper
helper: .byte 2
