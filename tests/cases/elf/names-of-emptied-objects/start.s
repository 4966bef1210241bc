# build: as --64
        .file "start.c"
        .section .text.start, "ax"
        .globl _start
_start: .cfi_startproc
        ret
        .cfi_endproc
