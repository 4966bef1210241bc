# build: as --64
        .section .text.same, "axG", @progbits, same, comdat
        .weak same
same:   .cfi_startproc
        ret
        .cfi_endproc
        .section .text.other, "ax"
        .globl other
other:  .cfi_startproc
        push %rax
        .cfi_adjust_cfa_offset 8
        call same
        pop %rax
        .cfi_adjust_cfa_offset -8
        ret
        .cfi_endproc
