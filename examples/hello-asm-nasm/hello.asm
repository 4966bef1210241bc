; SPDX-License-Identifier: 0BSD
;
; A boot sector in assembly for nasm, with nothing of the runtime: a program that defines _start is
; on its own. The linker writes the 55 AA, so there is no `times 510-($-$$)` here.
;
;     nasm -f elf32 hello.asm -o hello.o
;     welt hello.o -o boot.bin
;     qemu-system-i386 -drive file=boot.bin,format=raw,if=floppy
;
; Requires of the BIOS: the sector at 0x7c00. Uses SI, AX and BX.

        bits    16
        global  _start

        section .text
_start: jmp     0:begin                 ; some BIOSes jump to 07c0:0000
begin:  xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7c00
        cld

        mov     si, message
print:  lodsb
        test    al, al
        jz      halt
        mov     ah, 0x0e                ; int 10h, function 0Eh: a character, then the cursor
        mov     bx, 7                   ; page 0, light grey
        int     0x10
        jmp     print

halt:   cli
        hlt
        jmp     halt

        section .rodata
message:
        db      "Hello from nasm!", 13, 10, 0
