# another common symbol only: no reason to be linked
    .comm shared, 16, 4
    .data
    .long 0x66
