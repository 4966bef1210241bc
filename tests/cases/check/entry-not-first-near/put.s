        .code16
        .globl put
put:    movb $0x0e, %ah
        int $0x10
        ret
