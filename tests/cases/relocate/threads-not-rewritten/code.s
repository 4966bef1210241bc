# build: as --64
        .globl  _start
        .text
_start: xorq    own@gottpoff(%rip), %rax
        leaq    own@tlsgd(%rip), %rdi
        nop
        call    __tls_get_addr@PLT
        movq    own@gottpoff + 8(%rip), %rax
        .section .tdata, "awT", @progbits
own:    .long   1
