        .code16
        .text
first:  cli
1:      hlt
        jmp 1b
