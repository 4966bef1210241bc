#include <bios.h>

int main(void)
{
    bios_print("with a BPB\r\n");
    return 0;
}
