        .data
        .long here
here:   .long 0
