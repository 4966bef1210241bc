        .code16
        .globl boot
boot:   movw $_start, %si
        jmp boot
