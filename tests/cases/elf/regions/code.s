        .globl _start
_start: mov $value, %eax
        ret
        .section .rodata,"a"
        .long 1
        .data
value:  .long 2
        .section .note.loader,"a",@note
        .long 4, 0, 1, 0x00746f62
        .bss
        .skip 16
