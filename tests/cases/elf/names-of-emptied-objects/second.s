# build: as --64
        .file "second.c"
        .section .text.second, "ax"
        .globl second
second:  .cfi_startproc
        ret
        .cfi_endproc
