# Table of a 32-bit kernel's interrupts: a number that is the byte of a prefix before a jump.
        .globl vector102
vector101:
        pushl $0
        pushl $101
        jmp traps
vector102:
        pushl $0
        pushl $0x66
        jmp traps
