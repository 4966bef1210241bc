# build: as --64
        .globl _start
_start: mov foo@GOTPCREL(%rip), %rax
        movl foo@GOTPCREL(%rip), %eax
        mov foo@GOTPCREL(%rip), %r9
        mov absolute@GOTPCREL(%rip), %rcx
        mov nowhere@GOTPCREL(%rip), %rdx
        call *foo@GOTPCREL(%rip)
        jmp *foo@GOTPCREL(%rip)
        add foo@GOTPCREL(%rip), %r8
        sub local@GOTPCREL(%rip), %rsi
        cmp foo@GOTPCREL(%rip), %ecx
        test %rdx, foo@GOTPCREL(%rip)
        .weak nowhere
        .data
        .globl foo
foo:    .quad foo
local:  .quad local
        .globl absolute
        .set absolute, 0x1234
