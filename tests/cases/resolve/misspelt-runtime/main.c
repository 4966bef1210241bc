#include <welt/boot.h>
void boot_prnt(const char *text);
int main(void)
{
    boot_prnt("x");
    return 0;
}
