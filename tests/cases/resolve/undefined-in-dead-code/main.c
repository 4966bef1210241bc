#include <bios.h>

void nowhere(void);
void unused(void);

void unused(void)
{
    nowhere();
}

int main(void)
{
    bios_print("alive");
    return 0;
}
