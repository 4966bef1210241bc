# A loader of one's own: its message and the byte it counts with are not in the first sector.
    .code16
    .section .boot.text, "ax", @progbits
    .globl _start
_start:
    ljmp $0, $1f
1:  xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    movw $0x0200 + __sector_count, %ax
    movw $2, %cx
    movb $0, %dh
    movw $0x7e00, %bx
    int $0x13
    jc error
    incb loaded
    jmp program
error:
    movw $message, %si
    jmp print

    .section .boot.print, "ax", @progbits
print:
    lodsb
    movw $7, %bx
    movb $0xe, %ah
    int $0x10
    cmpb $0, (%si)
    jne print
    pushl $1
    calll boot_delay
    cli
2:  hlt
    jmp 2b

    .section .rodata
message: .asciz "disk error"

    .bss
loaded: .space 1

    .text
program:
    movw $message, %si
    jmp print
