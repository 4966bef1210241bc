joined 0000002a
