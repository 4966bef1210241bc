#include <bios.h>

static unsigned counted = 40;
static unsigned cleared[64];
static const char *const words[] = {"one", "two", "three"};

int main(void)
{
    for (int i = 0; i < 64; i++)
        counted += cleared[i]++ == 0;
    for (int i = 0; i < 3; i++) {
        bios_print(words[i]);
        bios_put(' ');
    }
    bios_print_hex(counted);
    return 0;
}
