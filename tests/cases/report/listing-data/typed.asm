; build: nasm -g -f elf32
        bits 16
        global _start
_start: cli
        lgdt [cs:gdtr]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 8:protected
table:  dw _start, text, 0
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:   dw 23
        dd gdt
        bits 32
protected:
        mov ax, 16
        mov ds, eax
        mov esi, text
        call far_away
.halt:  hlt
        jmp .halt
        bits 16
isr:    pusha
        inc word [cs:ticks]
        popa
        iret
ticks:  dw 0
text:   db "Hello", 13, 10, 0
        bits 32
far_away:
        lodsb
        ret
