        .globl by_dot
        by_dot = 0x20
        .data
        .ascii "pulled by the dot"
