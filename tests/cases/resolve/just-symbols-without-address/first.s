    .globl there
there:
    .long elsewhere
    .comm shared, 4, 4
