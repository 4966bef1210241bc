#include <bios.h>

static volatile unsigned long long big = 0x123456789abcdef0ull;

int main(void)
{
    unsigned long long quotient = big / 12345;
    bios_print_hex((unsigned)(quotient >> 32));
    bios_print_hex((unsigned)quotient);
    bios_put(' ');
    bios_print_hex((unsigned)(big % 12345));
    return 0;
}
