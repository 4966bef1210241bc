Hello from nasm
