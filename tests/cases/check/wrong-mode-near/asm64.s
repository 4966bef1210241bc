# build: as --64
# An assembler puts 16-bit code into any object.
        .code16
        .globl main
        .type main, @function
main:   movb $1, 0x8000
        hlt
        jmp main
        .size main, . - main
