# Sections of three families, in no order and of several alignments; each byte says which.
.section .c3, "a"
    .p2align 1
    .byte 1
.section .c6, "a"
    .p2align 0
    .byte 2
.section .b2, "a"
    .p2align 0
    .byte 3
.section .a1, "a"
    .p2align 1
    .byte 4
.section .b2, "a"
    .p2align 2
    .byte 5
.section .c1, "a"
    .p2align 0
    .byte 6
.section .a6, "a"
    .p2align 0
    .byte 7
.section .b3, "a"
    .p2align 0
    .byte 8
.section .b2, "a"
    .p2align 0
    .byte 9
.section .a5, "a"
    .p2align 2
    .byte 10
.section .a2, "a"
    .p2align 0
    .byte 11
.section .a2, "a"
    .p2align 0
    .byte 12
.section .a2, "a"
    .p2align 1
    .byte 13
.section .b2, "a"
    .p2align 0
    .byte 14
