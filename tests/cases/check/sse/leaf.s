# No reference says that it is 16-bit code; its return does.
        .code16
        .globl leaf
        .type leaf, @function
leaf:   addps %xmm0, %xmm1
        retl
        .size leaf, . - leaf
