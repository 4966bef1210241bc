        .text
        .skip 128
        .globl target
target: .byte 0x90
