# 20,000 output sections that each ask for the end of the one before, and 20,000 regions under two
# names each, asked for by expressions in every pass.
        .code16
        .globl _start
_start: .long address_20000
        .long origin_20000
