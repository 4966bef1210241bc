# build: as --64
# One record, whose last word is padding.
third:
    .cfi_startproc
    push %rbx
    .cfi_def_cfa_offset 16
    .cfi_offset rbx, -16
    mov %rdi, %rbx
    pop %rbx
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
