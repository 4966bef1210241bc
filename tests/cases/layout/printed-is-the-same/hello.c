#include <bios.h>

static char text[16] = "printed";

int main(void)
{
    bios_print(text);
    return 0;
}
