        .code16
        .text
        .globl chosen
chosen: .byte 0x22
