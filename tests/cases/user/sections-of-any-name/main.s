# No .text, no _start: the first executable section begins, and what it reaches comes along.
.code16
.section .boot, "ax"
boot:
    movw $text, %si
    call print
    cli
1:  hlt
    jmp 1b
.section .code, "ax"
print:
    lodsb
    orb %al, %al
    jz 2f
    movb $0x0e, %ah
    int $0x10
    jmp print
2:  ret
.section .strings, "a"
text: .asciz "sections of any name"
