# build: as --64
    .globl _start
    .weak nobody
_start:
    .irp name, start, inside, fixed, size, address, stored, room, aligned, next, absolute, more, masked, twice, far, alias, object, provided, nobody
    mov \name@GOTPCREL(%rip), %rax
    .endr
    call *far@GOTPCREL(%rip)
    jmp *fixed@GOTPCREL(%rip)
    test %r9, fixed@GOTPCREL(%rip)
    add size@GOTPCREL(%rip), %ecx
    .data
    .byte 1
