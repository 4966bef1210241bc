/* Relocations that name locals, globals, sections; symbols that nothing names. */
    .file "user.c"
    .globl _start, unused_function, counter
_start:
    movl $word, %eax
    movl $local, %eax
    call far_function
    incl counter
    ret
unused_function:
    nop
    .section .rodata.str1.1, "aMS", @progbits, 1
word:
    .asciz "x"
    .data
local:
    .long _start, unused_local
unused_local:
counter:
    .long 0
