        .code32
        .globl _start
_start: mov foo@GOT(%ebx), %eax
        mov foo@GOT, %ecx
        call *foo@GOT(%ebx)
        call *foo@GOT
        jmp *foo@GOT(%esi)
        add foo@GOT(%ebx), %edx
        cmp local@GOT(%ebx), %esi
        test %edi, foo@GOT(%ebx)
        mov nowhere@GOT(%ebx), %ebp
        push foo@GOT(%ebx)
        .weak nowhere
        .data
        .globl foo
foo:    .long foo
local:  .long local
