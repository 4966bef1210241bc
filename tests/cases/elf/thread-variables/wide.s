# build: as --64
# Each form in which a thread's variable is reached, one a line; every one becomes a distance from the thread pointer.
        .globl  _start, own, other
        .text
_start: movl    %fs:own@tpoff, %eax
        movq    $own@tpoff + 4, %rax
        movabsq $own@tpoff, %rbx
        movq    own@gottpoff(%rip), %rax
        movq    other@gottpoff(%rip), %r12
        movq    other@gottpoff(%rip), %rsp
        addq    own@gottpoff(%rip), %rax
        addq    own@gottpoff(%rip), %r9
        addq    own@gottpoff(%rip), %rsp
        addq    own@gottpoff(%rip), %r12
        .byte   0x66; leaq own@tlsgd(%rip), %rdi; .word 0x6666; rex64; call __tls_get_addr@PLT
        .byte   0x66; leaq other@tlsgd(%rip), %rdi; .byte 0x66; rex64; call *__tls_get_addr@GOTPCREL(%rip)
        leaq    own@tlsld(%rip), %rdi; call __tls_get_addr@PLT; leaq own@dtpoff(%rax), %rcx
        leaq    own@tlsld(%rip), %rdi; call *__tls_get_addr@GOTPCREL(%rip); leaq own@dtpoff(%rax), %rcx
        leaq    own@tlsdesc(%rip), %rax; call *own@tlscall(%rax)
        leaq    own@tlsdesc(%rip), %r10
        movl    %fs:nobody@tpoff, %eax
        movq    nobody@gottpoff(%rip), %rax
        .weak   nobody
        .data
        .quad   own@tpoff, other@tpoff + 2
        .section .tdata, "awT", @progbits
        .balign 8
        .long   1
        .type   own, @object
own:    .long   3
        .section .tbss, "awT", @nobits
        .balign 32
        .skip   3
other:  .skip   5
        .section .debug_info
        .long   own@dtpoff
        .quad   other@dtpoff
        .section .note.GNU-stack, ""
