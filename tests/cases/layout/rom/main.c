#include <bios.h>

static int calls;
static const char *text = "option ROM called: ";

int main(void)
{
    bios_print(text);
    bios_put((char)('0' + ++calls));
    return 0;
}
