# build: as --64
        .globl last
last:   movq last(%rip), %rax
        ret
