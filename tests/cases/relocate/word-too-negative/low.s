        .globl low
        .set low, -0x8001
