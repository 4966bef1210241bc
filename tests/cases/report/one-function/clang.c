/* build: clang -m16 -march=i386 -O2 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -ffunction-sections -fdata-sections -c */
#include "main.c"
