#include <bios.h>

__attribute__((weak)) void plugin(void);

int main(void)
{
    if (plugin)
        plugin();
    bios_print("no plugin");
    return 0;
}
