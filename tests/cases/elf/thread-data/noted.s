        .section .note.x, "a", @note
        .long   4, 0, 1, 0x41
        .text
        .cfi_startproc
        nop
        .cfi_endproc
        .section .note.GNU-stack, ""
