# A program without symbols but the entry.
.code16
.globl _start
_start: jmp 1f
        .fill 60, 1, 0x90
1:      jmp 1b
