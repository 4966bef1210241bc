        bits 16
        global _start
        section .text
_start: jmp 0:.flat
.flat:  xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7c00
        cld
        mov si, text
.next:  lodsb
        test al, al
        jz .end
        mov ah, 0x0e
        mov bx, 7
        int 0x10
        jmp .next
.end:   cli
        hlt
        jmp .end
        section .data
text:   db "Hello from nasm", 13, 10, 0
