        bits 16
        global _start
_start: push fs
        shl ax, 4
        jcxz _start
        hlt
        jmp _start
