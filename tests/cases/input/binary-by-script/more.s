        .globl more
        .data
more:   .byte 0x33
