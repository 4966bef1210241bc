/* What stands around the empty sections. */
    .section .constants, "a"
    .long 1
    .section .numbers, "aw"
    .long 2
    .section .zeroes, "aw", @nobits
    .skip 64
