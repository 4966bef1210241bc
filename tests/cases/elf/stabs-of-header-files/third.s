        .text
        .globl  third
third:  ret
