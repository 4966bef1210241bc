        .globl _start
_start: .long _binary_stage2_o_start, _binary_stage2_o_size, more
