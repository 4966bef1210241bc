/* build: clang -m16 -march=i386 -Os -ffreestanding -fno-pic -c */
#include <welt/boot.h>

static uint8_t buffer[4096] __attribute__((aligned(512)));
static struct boot_memory map[16];

static void print_number(const char *name, uint32_t value)
{
    boot_print(name);
    boot_print_dec(value);
}

int main(unsigned drive)
{
    print_number("read ", (uint32_t)boot_disk_read(drive, 0, 4, boot_linear(buffer)));
    boot_putc(' ');
    boot_print_hex((uint32_t)(buffer[510] | buffer[511] << 8), 4);

    struct boot_geometry geometry;
    boot_disk_geometry(drive, &geometry);
    print_number(" heads ", geometry.heads);
    print_number(" sectors ", geometry.sectors);
    print_number(" kilobytes ", (uint32_t)(boot_disk_sectors(drive) / 2));
    print_number("\nbeyond ", boot_disk_read(drive, 9999999, 1, boot_linear(buffer)) != 0);

    print_number(" memory ", boot_memory_map(map, 16) > 2 && map[0].base == 0 && map[0].type == 1);
    print_number(" low ", boot_peek16(0x413) == 639);
    print_number(" a20 ", boot_a20_enable() == 0 && boot_a20_enabled());

    uint32_t start = boot_ticks();
    boot_delay(2);
    print_number(" ticks ", boot_ticks() - start >= 2);

    char text[20];
    strcpy(text, "abc");
    strncpy(text + 3, "defgh", 3);
    text[6] = 0;
    boot_putc(' ');
    boot_print(strchr(text, 'c'));
    print_number(" ", memcmp(text, "abcdef", 7) == 0);
    return 0;
}
