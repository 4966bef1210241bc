        .code16
        .globl _start, gdt
_start: cli
        lgdtl gdt_pointer
        movl $long_mode, %eax           # R_386_32 to a symbol of an ELF64 object
        jmp long_mode                   # R_386_PC16
gdt_pointer:
        .word 7
        .long gdt
        .balign 8
gdt:    .quad 0
