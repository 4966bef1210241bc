        .code16
        .section .text._start, "ax"
        .globl _start
_start: ljmp $0, $1f
1:      xor %ax, %ax
        mov %ax, %ds
        mov %ax, %ss
        mov $0x7c00, %sp
        cld
        mov $text, %si
2:      lodsb
        test %al, %al
        jz 3f
        mov $0x0e, %ah
        mov $7, %bx
        int $0x10
        jmp 2b
3:      cli
        hlt
        jmp 3b

        .section .rodata
text:   .asciz "Hello from gas\r\n"
