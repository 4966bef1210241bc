        .comm small, 8, 8
        .comm large, 4, 4
