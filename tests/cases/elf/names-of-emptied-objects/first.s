# build: as --64
        .file "first.c"
        .section .text.first, "ax"
        .globl first
first:  .cfi_startproc
        ret
        .cfi_endproc
