        .data
        .long 1
