        bits 16
        global _start
        extern kmain
_start: cli
        xor ax, ax
        mov ds, ax
        lgdt [gdtr]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 8:protected
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:   dw 23
        dd gdt
        bits 32
protected:
        mov ax, 16
        mov ds, eax
        mov ss, eax
        mov esp, 0x7c00
        call kmain
.halt:  hlt
        jmp .halt
