/* Strings that are the ends of others, of one and two bytes a character, aligned and not; constants. */
    .globl second
second:
    movl $.rodata.str1.1 + 13, %eax
    movl $.rodata.str1.4 + 16, %eax
    ret

    .section .rodata.str1.1, "aMS", @progbits, 1
    .asciz "writes sector"
    .asciz "sector"
    .asciz "tor"
    .asciz "vector"
    .asciz "a sector"
    .asciz ""

    .section .rodata.str1.4, "aMS", @progbits, 1
    .p2align 2
    .asciz "the other disk"
    .p2align 2
    .asciz "disk"
    .p2align 2
    .asciz "e disk"

    .section .rodata.str2.2, "aMS", @progbits, 2
    .short 'a', 'b', 'c', 0, 'b', 'c', 0, 'c', 0

    .section .rodata.cst4, "aM", @progbits, 4
    .long 1, 2, 1
