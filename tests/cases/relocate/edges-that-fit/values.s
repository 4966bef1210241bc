        .globl low8, high8, low16, high16, top, near
        .set low8, -0x80
        .set high8, 0xff
        .set low16, -0x8000
        .set high16, 0xffff
        .set top, 0xffffffff
        .text
        .skip 115
near:   .byte 0x90
