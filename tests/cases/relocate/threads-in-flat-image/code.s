        .code32
        .globl _start
_start: movl    %gs:own@ntpoff, %eax
        movl    other@indntpoff, %ecx
        movl    %gs:(%ecx), %ecx
        leal    own@tlsgd(,%ebx,1), %eax
        call    ___tls_get_addr@PLT
        hlt
        .section .tdata, "awT", @progbits
        .long   1
own:    .long   3
        .section .tbss, "awT", @nobits
        .balign 32
        .skip   3
other:  .skip   5
        .data
        .long   2
        .section .note.GNU-stack, ""
