        .code16
        .globl _start
_start: jc 1f
        call error
        .ascii "No system\r\n"
1:      call error
        .ascii "Disk error\r\n"
error:  popw %si
2:      lodsb
        movb $0x0e, %ah
        int $0x10
        cmpb $10, %al
        jne 2b
        int $0x18
        .ascii "tail"
