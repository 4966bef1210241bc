#include <bios.h>
int main(void)
{
    bios_print("x");
    return 0;
}
