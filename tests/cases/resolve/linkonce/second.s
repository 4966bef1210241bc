    .section .gnu.linkonce.t.twin, "ax"
    .weak twin
twin:
    .byte 2
    .data
    .long twin
