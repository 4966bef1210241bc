# A hidden symbol that a call leaves open how to reach is local in a -pie, one that is only pointed to is not.
        .globl  start, called, pointed, dropped
        .hidden called, pointed, dropped
        .weak   loose
        .hidden loose
        .protected seen
start:  call    called@PLT
        call    seen@PLT
        call    loose@PLT
        ret
called: ret
pointed:
        ret
loose:  ret
dropped:
        ret
        .globl  seen
seen:   ret
        .data
.ifdef WIDE
        .quad   pointed
.else
        .long   pointed
.endif
        .section .text.unreached, "ax"
        call    dropped@PLT
