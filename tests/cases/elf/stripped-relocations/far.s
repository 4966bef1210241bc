    .globl far_function, alone
far_function:
    ret
alone:
    nop
