# build: as --64
        .globl long_mode
long_mode:
        lea gdt(%rip), %rax             # to a symbol of an ELF32 object
        movq $_start, %rbx
        movabs $message, %rcx
        hlt
        .data
message: .quad _start, message
