ROM at 20000, own stack, call 1
kept
ROM at 20000, own stack, call 1
kept
