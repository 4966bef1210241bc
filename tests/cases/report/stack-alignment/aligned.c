/* build: gcc -m16 -march=i386 -Os -mpreferred-stack-boundary=4 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -ffunction-sections -c */
#include "both.h"
