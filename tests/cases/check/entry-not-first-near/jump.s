        .code16
        cli
        jmp _start
