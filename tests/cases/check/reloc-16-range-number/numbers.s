        .globl set
        .set set, 0x54321
