# build: as --64
        .text
        movq    own@gottpoff(%rip), %rax
        .section .tdata, "awT", @progbits
own:    .long   1
