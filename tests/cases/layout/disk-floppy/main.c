#include <bios.h>

/* More than a sector, so that the first one has to load it; one byte of each is printed. */
static const volatile char pages[3][1024] = {{[1000] = 'a'}, {[1000] = 'b'}, {[1000] = 'c'}};
static unsigned data = 0x1234;
static unsigned cleared[300];

int main(void)
{
    for (int i = 0; i < 3; i++)
        bios_put(pages[i][1000]);
    for (int i = 0; i < 300; i++)
        data += cleared[i];
    bios_print_hex(data);
    return 0;
}
