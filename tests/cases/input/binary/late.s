        .globl late
        .data
        .balign 8
late:   .byte 0x22
