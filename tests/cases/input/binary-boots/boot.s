        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw $_binary_text_txt_start, %si
        movw $_binary_text_txt_size, %cx
print:  lodsb
        movb $0x0e, %ah
        int $0x10
        loop print
halt:   hlt
        jmp halt
