# The same for i386.
        .globl  _start, own, other
        .text
_start: movl    %gs:own@ntpoff, %eax
        movl    $own@ntpoff + 4, %eax
        movl    $other@tpoff, %eax
        movl    own@indntpoff, %eax
        movl    own@indntpoff, %ecx
        addl    own@indntpoff, %edx
        movl    own@gotntpoff(%ebx), %eax
        movl    own@gotntpoff(%ecx), %esi
        addl    own@gotntpoff(%ebx), %eax
        addl    own@gotntpoff(%ecx), %edi
        leal    own@tlsgd(,%ebx,1), %eax; call ___tls_get_addr@PLT
        leal    own@tlsgd(%ebx), %eax; call ___tls_get_addr@PLT; nop
        leal    own@tlsgd(%ebx), %eax; call *___tls_get_addr@GOT(%ebx)
        leal    own@tlsldm(%ebx), %eax; call ___tls_get_addr@PLT; leal own@dtpoff(%eax), %edx
        leal    own@tlsldm(%ebx), %eax; call *___tls_get_addr@GOT(%ebx); leal own@dtpoff(%eax), %edx
        leal    own@tlsdesc(%ebx), %eax; call *own@tlscall(%eax)
        movl    $nobody@ntpoff, %eax
        .weak   nobody
        .data
        .long   own@ntpoff, other@ntpoff + 2, own@tpoff
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
        .section .note.GNU-stack, ""
