; The default of nasm's ELF output is 32 bits; a jump in place of a call is found too.
section .data
global length
length: dd 0

section .text
extern strlen
global measure
measure:
    mov dword [length], 0
    inc dword [length]
    jmp strlen
