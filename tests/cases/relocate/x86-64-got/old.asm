; build: nasm -f elf64
extern foo
bits 64
        mov rax, [rel foo wrt ..got]       ; R_X86_64_GOTPCREL: lea, the prefix is not known
        mov ecx, [rel foo wrt ..got]
