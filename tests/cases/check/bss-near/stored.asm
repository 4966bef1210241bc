; build: nasm -g -f elf32
        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, stack.top
        mov [drive], dl
        call ready
.again: mov dl, [drive]
        dec word [count]
        mov al, [count + 1]
        jnz .again
.halt:  hlt
        jmp .halt
ready:  mov word [count], 5
        ret
        section .bss
drive:  resb 1
count:  resw 1
unused: resb 1
stack:  resb 64
.top:   resb 2
