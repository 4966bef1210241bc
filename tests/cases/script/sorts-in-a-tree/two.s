# Sections of three families, in no order and of several alignments; each byte says which.
.section .a6, "a"
    .p2align 0
    .byte 101
.section .b3, "a"
    .p2align 0
    .byte 102
.section .b4, "a"
    .p2align 0
    .byte 103
.section .a3, "a"
    .p2align 0
    .byte 104
.section .b3, "a"
    .p2align 0
    .byte 105
.section .c6, "a"
    .p2align 1
    .byte 106
.section .a3, "a"
    .p2align 1
    .byte 107
.section .b4, "a"
    .p2align 1
    .byte 108
.section .a4, "a"
    .p2align 2
    .byte 109
.section .c2, "a"
    .p2align 0
    .byte 110
.section .b1, "a"
    .p2align 1
    .byte 111
.section .b1, "a"
    .p2align 2
    .byte 112
.section .b4, "a"
    .p2align 0
    .byte 113
.section .b1, "a"
    .p2align 0
    .byte 114
