        .text
        .globl  second_function, third_function
        .type   second_function, @function
second_function:
        pushl   shared_table@GOT(%ebx)
        movl    one_buffer, %eax
        movl    other_buffer, %eax
third_function:
        ret
        .size   second_function, . - second_function
local:  nop
        .section .rodata, "a", @progbits
        .globl  shared_table, last_table
shared_table:
        .long   local, third_function
last_table:
        .long   0
        .section .debug_info
        .long   third_function
        .section .note.mine, "a", @note
        .balign 4
        .long   4, 4, 1
        .asciz  "own"
        .long   0
        .section .note.GNU-stack, "", @progbits
