# build: as --64
        .globl start, unused
        .section .text.start, "ax"
start:  mov     outside@GOTPCREL(%rip), %rax
        mov     table@GOTPCREL(%rip), %rax
        call    helper@PLT
        ret
        .section .text.helper, "ax"
        .globl helper
helper: ret
        .section .text.unused, "ax"
unused: ret
        .section .data.table, "aw"
        .globl table
table:  .quad   helper
