#include <bios.h>

void screen_print(const char *text);

void screen_print(const char *text)
{
    bios_print(text);
}
