# build: as --64
    .globl _start, near
_start:
    mov near@GOTPCREL(%rip), %rax
    .section .text.unused, "ax"
    push near@GOTPCREL(%rip)
    .data
near: .byte 1
    .text
    cmp near@GOTPCREL(%rip), %esi
    test %rsi, near@GOTPCREL(%rip)
