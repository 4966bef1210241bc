# build: as --64
# Two records; the second is as long as it is, without padding.
first:
    .cfi_startproc
    push %rbx
    .cfi_adjust_cfa_offset 8
    pop %rbx
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_endproc
second:
    .cfi_startproc
    sub $24, %rsp
    .cfi_def_cfa_offset 32
    .cfi_offset rbx, -16
    ret
    .cfi_endproc
