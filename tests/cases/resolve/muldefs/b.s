        .text
        .globl twice
twice:  .byte 2
