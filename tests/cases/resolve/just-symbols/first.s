    .globl there, fixed, _start
    .long 0
there:
    .long 1
_start:
fixed = 0x1234
