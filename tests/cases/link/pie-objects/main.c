/* build: gcc -m16 -Os -ffreestanding -fPIE -fno-stack-protector -fcf-protection=none -c */
#include <bios.h>

unsigned shared = 0x1234;

__attribute__((noinline)) static const char *text(void)
{
    return "position independent ";
}

int main(void)
{
    bios_print(text());
    bios_print_hex(shared);
    return 0;
}
