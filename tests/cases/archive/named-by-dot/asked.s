        .globl by_symbol
        by_symbol = 0x30
        .data
        .ascii "pulled by a symbol"
