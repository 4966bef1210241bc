# A sector's code, and a .bss without a byte, which every object has.
    .globl _start
_start:
    hlt
    .skip 20
