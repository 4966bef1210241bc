/* build: gcc -m16 -march=i386 -Os -ffreestanding -fPIC -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -c */
#include <bios.h>

extern unsigned outside[];
unsigned counter = 5;

unsigned *where(void);

__attribute__((noinline)) unsigned *where(void)
{
    return &counter;
}

int main(void)
{
    *where() += outside[1];
    bios_print_hex(counter);
    return 0;
}
