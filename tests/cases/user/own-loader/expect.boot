first, then second 7 15
