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
        movb 0x67(%edi), %al            # its last byte looks like a prefix of the next one
        mov foo@GOT(%ebx), %ecx
        movb 0x66(%edi), %al
        mov only@GOT(%ebx), %ecx
        .weak nowhere
        .data
        .globl foo
foo:    .long foo
local:  .long local
only:   .long 0
