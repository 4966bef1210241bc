# ELF32 and ELF64 in one link whose relocations stay: no format has both.
        .globl  _start
_start: hlt
        .long   _start
