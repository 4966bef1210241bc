    .globl _start, seen, hidden
    .hidden hidden
    .section .text.start, "ax"
_start:
    hlt
    .section .text.seen, "ax"
seen:
    .byte 1
    .section .text.hidden, "ax"
hidden:
    .byte 2
    .section .text.local, "ax"
    .byte 3
