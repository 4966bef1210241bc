; Sectors are read to one buffer, a number is written to the other.
        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        mov [drive], dl
        cld
        mov bx, sectors
        mov ax, 0x0201
        mov cx, 2
        mov dh, 0
        mov dl, [drive]
        int 0x13
        mov di, digits
        mov al, '1'
        stosb
.halt:  hlt
        jmp .halt
        section .bss
drive:  resb 1
digits: resb 1
sectors: resb 512
