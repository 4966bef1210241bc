# The same, and nothing else in its object.
        .globl leaf
        .type leaf, @function
leaf:   movl $0x580f9090, %eax
        shll $2, %eax
        ret
        .size leaf, . - leaf
