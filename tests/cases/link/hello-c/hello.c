#include <bios.h>

int main(void)
{
    bios_print("Hello from C\r\n");
    return 0;
}
