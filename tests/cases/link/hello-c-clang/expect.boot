Hello from clang
