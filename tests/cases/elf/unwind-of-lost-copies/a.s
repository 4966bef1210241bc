.globl a
.section .text.a, "ax"
a:
    .cfi_startproc
    call shared
    ret
    .cfi_endproc
.section .text.shared, "axG", @progbits, shared, comdat
.weak shared
shared:
    .cfi_startproc
    nop
    ret
    .cfi_endproc
