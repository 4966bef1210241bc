/* build: gcc -m16 -march=i386 -O0 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -c */
#include "both.h"
