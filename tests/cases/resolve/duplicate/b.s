        .code16
        .text
        .fill 5, 1, 0x90
        .globl twice
twice:  ret
