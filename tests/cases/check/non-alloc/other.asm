        bits 16
        global _start
_start: hlt
        jmp _start
        section sig noalloc
        dw 1234h
