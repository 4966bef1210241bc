#include <bios.h>

static void second(void)
{
    bios_print("second ");
}

__attribute__((section("commands"), used)) static void (*const entry)(void) = second;
