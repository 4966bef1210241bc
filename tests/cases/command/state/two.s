    .byte 2
