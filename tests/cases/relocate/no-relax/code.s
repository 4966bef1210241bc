# build: as --64
        .globl _start
_start: mov foo@GOTPCREL(%rip), %rax
        call *foo@GOTPCREL(%rip)
        .data
        .globl foo
foo:    .quad foo
