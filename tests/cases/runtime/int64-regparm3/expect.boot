25 functions, 0 wrong
