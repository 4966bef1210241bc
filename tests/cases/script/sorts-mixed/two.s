    .section .t.z, "a"
    .byte 0x11
    .section .t.a, "a"
    .byte 0x12
    .section .t.c9, "a"
    .byte 0x13
    .section .p.1000, "a"
    .byte 0x14
    .section .p.b, "a"
    .byte 0x15
