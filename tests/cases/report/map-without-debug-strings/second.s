        .text
second:  ret
        .section .rodata.str1.1, "aMS", @progbits, 1
        .asciz  "in the image"
        .section .debug_str, "MS", @progbits, 1
        .asciz  "of a debugger"
