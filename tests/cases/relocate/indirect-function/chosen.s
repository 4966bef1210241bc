        .code16
        .text
        .globl chosen
        .type chosen, @gnu_indirect_function
chosen: movw $other, %ax
        ret
other:  ret
