        .globl _start
_start: .long _binary_data_a_b_9_bin_start, _binary_data_a_b_9_bin_end, _binary_data_a_b_9_bin_size
        .long _binary_empty_start, _binary_empty_end, _binary_empty_size
        .long _binary_late_bin_start, late
        .data
        .byte 0x11
