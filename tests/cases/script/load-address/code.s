        .text
        .globl _start
_start: .long value, __value_load
        .data
value:  .long 0x12345678
