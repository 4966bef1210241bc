    .globl shared
    .data
shared:
    .long 1
