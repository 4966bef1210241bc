# A boot sector in two modes, a descriptor table, and what a kernel's first file holds beside it.
        .section .multiboot, "a"
        .balign 4
        .long   0x1badb002, 3, -(0x1badb002 + 3)
        .code16
        .text
        .globl  _start, start
start:
_start: xorw    %ax, %ax
        lgdt    table
        movw    $table, %si
        ljmp    $8, $wide
        .code32
wide:   movl    $stack_top, %esp
        call    main
        jmp     wide
        .balign 4
        .globl  gdt
gdt:    .quad   0, 0xcf9a000000ffff
table:  .word   15
        .long   gdt
        .section .ctors, "aw"
        .long   1
        .section .init_array.100, "aw", @init_array
        .long   0x100
        .section .init_array.20, "aw", @init_array
        .long   0x20
        .section .note.name, "a", @note
        .long   4, 4, 1
        .asciz  "ABC"
        .long   9
        .section .bss.stack, "aw", @nobits
        .balign 16
        .skip   64
stack_top:
        .section .note.GNU-stack, "", @progbits
