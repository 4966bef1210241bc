# build: as --64
        .text
        .globl _start
_start: ret
        .section .text.dead, "ax"
dead:   ret
        .section .tdata, "awT"
own:    .long 1
        # Of two records one goes; the instructions would end in it.
        .section .eh_frame, "ax", @progbits
cie:    .long 0x10, 0
        .byte 1, 0, 1, 0x78, 0x10, 0, 0, 0, 0, 0, 0, 0
        .long 0x18, . - cie
        .reloc ., R_X86_64_PC32, _start
        .long 0, 1
        .byte 0, 0, 0, 0, 0, 0x48, 0x8d, 0x3d
        .reloc ., R_X86_64_TLSLD, own - 4
        .long 0
        .long 0xe8, . - cie
        .reloc ., R_X86_64_PC32, dead
        .long 0, 1
        .fill 0xe8 - 12
