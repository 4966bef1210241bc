/* What the strings stand beside. */
    .section .rodata, "a"
    .long 3
    .data
