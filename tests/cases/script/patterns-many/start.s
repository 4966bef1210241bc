# As many sections as patterns, 20,000. Every second pattern takes one section, the others all that
# begin with its name; what is shorter stands before them and behind them.
        .code16
        .globl _start
_start: .long 0x12345678
