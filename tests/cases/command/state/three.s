    .byte 3
