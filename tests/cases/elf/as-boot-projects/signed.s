# A sector that carries its own signature: Welt has no symbol to say so in GNU ld's file.
        .code16
        .globl  start
start:  jmp     start
        .org    510
        .word   0xaa55
