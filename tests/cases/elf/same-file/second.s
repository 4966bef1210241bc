        .section .text.first_function, "ax", @progbits
        .globl  first_function
        .type   first_function, @function
first_function:
        call    __x86.get_pc_thunk.ax
        addl    $_GLOBAL_OFFSET_TABLE_, %eax
        movl    second_function@GOTOFF(%eax), %edx
        push    shared_table@GOT(%eax)
        push    counter@GOT(%eax)
        jmp     second_function
        .size   first_function, . - first_function
        .section .text.__x86.get_pc_thunk.ax, "axG", @progbits, __x86.get_pc_thunk.ax, comdat
        .globl  __x86.get_pc_thunk.ax
        .hidden __x86.get_pc_thunk.ax
        .type   __x86.get_pc_thunk.ax, @function
__x86.get_pc_thunk.ax:
        movl    (%esp), %eax
        ret
        .section .rodata.str1.1, "aMS", @progbits, 1
name:   .string "a name"
        .section .eh_frame_like, "a", @progbits
        .long   0
        .section .comment2, "MS", @progbits, 1
        .string "made by hand"
        .section .note.GNU-stack, "", @progbits
