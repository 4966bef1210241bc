#include <bios.h>

static int zero[4];

int main(void)
{
    bios_print("Hello from DOS");
    return zero[3] + 7;
}
