# A slot that stays, since its instruction can't do without, and relocations of several sections.
        .macro  address of
.if BITS == 64
        .quad   \of
.else
        .long   \of
.endif
        .endm
        .globl  start, value
start:
.if BITS == 64
        push    value@GOTPCREL(%rip)
.else
        add     value@GOT(%ebx), %eax
        push    value@GOT(%ebx)
.endif
        ret
        .data
value:  address start
        .section .data.rel.local, "aw"
        address value
        .section .data.rel.ro, "aw"
        address value
        .bss
        .zero   4
