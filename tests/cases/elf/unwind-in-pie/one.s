# With START no unwind information, else one function's.
.ifdef START
        .globl  start
start:  ret
.else
        .cfi_startproc
.ifdef SECOND
        push    $1
        .cfi_adjust_cfa_offset 4
.endif
        ret
        .cfi_endproc
.endif
        .data
        .byte   1
        .section .rodata, "a"
        .byte   1
