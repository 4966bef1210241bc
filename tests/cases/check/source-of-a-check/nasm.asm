; build: nasm -f elf32 -g -F dwarf
        bits 16
        global _start
_start: nop
        mov al, [text]
done:   hlt
        jmp done
text:   db "text"
