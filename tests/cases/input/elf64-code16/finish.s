# build: as --64
        .code16
        .globl finish
finish: hlt
        jmp finish
