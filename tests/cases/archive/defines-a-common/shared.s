    .globl shared
    .data
shared:
    .long 0x55
