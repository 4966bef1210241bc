        .text
        .globl one
one:    .long 0x11111111
