unsigned outside[] = {1, 0x20, 3};
