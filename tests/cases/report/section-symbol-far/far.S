# The symbol of .data gets a value of 0x87 << 56: with the addend it is less than any signed number.
        .globl  _start, table
_start: hlt
        jmp     _start
table:  .quad   .data - (10 << 56)
        .data
        .long   7
