#include <bios.h>

int main(void)
{
    bios_print("behind the BPB\r\n");
    return 0;
}
