        .globl far
        .set far, 0x7b00
