Hello from C
