#include <bios.h>

int main(void)
{
    bios_print("mbr at 0x600\r\n");
    return 0;
}
