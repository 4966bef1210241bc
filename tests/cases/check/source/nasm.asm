; build: nasm -f elf32 -g -F dwarf
        bits 16
        global _start
        extern missing
_start: nop
        call missing
        hlt
