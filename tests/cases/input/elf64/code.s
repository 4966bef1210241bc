# build: as --64
        .text
        .globl _start, here
_start: call far_away@PLT
        lea here(%rip), %rax
        movq $far_away, %rbx            # 32S
        movl $far_away + 4, %ecx        # 32
        movabs $far_away - 4, %rdx      # 64
        cmpb $1, flag + 3(%rip)         # PC32 with an immediate behind the field
        mov .Lstring(%rip), %al
        .section .text.unaligned, "ax"
        .balign 32
here:   ret

        .data
        .quad far_away - .              # PC64
        .quad _start, .Lstring + 1, flag
        .long _start, here - .
        .word here, here - .
        .byte small, near_by - 2 - .    # 8, PC8
        .globl near_by
near_by: .byte 0
        .globl flag
flag:   .skip 5

        .section .rodata.str1.1, "aMS", @progbits, 1
.Lstring: .string "text"
        .string "more"

        .globl small
        .set small, -7
        .bss
        .balign 64
        .skip 9
        .comm shared, 24, 32
