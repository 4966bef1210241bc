        .comm large, 4, 32
