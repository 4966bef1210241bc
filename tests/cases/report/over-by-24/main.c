#include <welt/boot.h>

static const char *const names[] = {"base memory", "extended memory", "video"};
static unsigned long totals[3];

__attribute__((noinline)) static void print_line(const char *name, unsigned long value)
{
    boot_print(name);
    boot_print(": ");
    boot_print_hex(value, 8);
    boot_print("\r\n");
}

__attribute__((noinline)) static unsigned checksum(const unsigned char *bytes, unsigned count)
{
    unsigned sum = 0;
    while (count--)
        sum = (sum << 3 | sum >> 29) ^ *bytes++;
    return sum;
}

__attribute__((noinline)) static void banner(void)
{
    boot_print("What this machine has\r\n");
}

int main(void)
{
    banner();
    for (unsigned i = 0; i < 3; i++) {
        totals[i] = checksum((const unsigned char *)0x400 + 64 * i, 64);
        print_line(names[i], totals[i]);
    }
    return 0;
}
