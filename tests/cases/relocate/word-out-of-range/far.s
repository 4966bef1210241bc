        .globl far
        .set far, 0x18010
