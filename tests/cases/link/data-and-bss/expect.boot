one two three 00000068
