# build: as --64
        .text
        .globl main
main:   .cfi_startproc
        ret
        .cfi_endproc
