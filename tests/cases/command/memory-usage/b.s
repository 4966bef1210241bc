    .globl foo
foo:
    ret
    .comm shared, 16, 4
