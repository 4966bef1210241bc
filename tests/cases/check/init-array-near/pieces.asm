; a function in pieces: nasm does not take the section for code
        bits 16
        global _start
_start: call _init
done:   hlt
        jmp done
        section .init
_init:  ret
