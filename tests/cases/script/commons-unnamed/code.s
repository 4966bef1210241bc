# Common symbols that the script's .bss does not name: they are in it all the same, and `end` is behind them.
    .comm stack, 0x1000, 16
    .comm count, 4, 4
    .text
    .globl _start
_start:
    .long stack, count, end, lone
    .bss
lone: .long 0
