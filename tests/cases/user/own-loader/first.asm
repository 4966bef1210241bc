; A loader of one's own in front of a C program: the first sector is the section .boot, how many
; sectors follow is asked of the layout.
bits 16
extern __sector_count
extern second
section .boot progbits alloc exec nowrite align=1
global _start
_start:
    jmp 0:.here
.here:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov esp, 0x7c00
    cld
    mov si, hello
.next:
    lodsb
    test al, al
    jz .load
    mov ah, 0x0e
    mov bx, 7
    int 0x10
    jmp .next
.load:
    mov ax, 0x0200 + 0
    mov cx, 2
    mov dh, 0
    mov bx, 0x7e00
    add ax, [count]
    int 0x13
    jc .stop
    call dword second
.stop:
    cli
    hlt
    jmp .stop
hello: db "first, ", 0
count: dw __sector_count
