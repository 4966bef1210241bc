        .globl low
        .set low, -129
