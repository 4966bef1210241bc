        .data
        .fill 300000, 1, 7
