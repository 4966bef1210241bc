        .text
        .skip 127
        .globl target
target: .byte 0x90
