/* build: gcc -m16 -O2 -ffreestanding -fno-pic -c */
#include <bios.h>

int main(void)
{
    bios_print("plain gcc\r\n");
    return 0;
}
