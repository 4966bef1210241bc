        .code16
        .section .text._start, "ax"
        .globl _start
_start: .long __udivdi3, __popcountdi2
