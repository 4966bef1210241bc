# GNU ld makes empty sections for a loader, behind the first file's own, and leaves their places:
# constants of the second file follow its relocations, to the end of what is loaded.
        .section .start, "awx"
        .globl  start
start:  jmp     more
        .word   second
