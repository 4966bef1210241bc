#include <welt/boot.h>

struct partition {
    uint8_t status, first[3], type, last[3];
    uint32_t start, sectors;
} __attribute__((packed));

int main(unsigned drive)
{
    const struct partition *table = (const struct partition *)(__image_start + 446);
    boot_print_hex(drive, 2);
    for (int i = 0; i < 4; i++) {
        if (!table[i].type)
            continue;
        boot_print(table[i].status & 0x80 ? "\n* " : "\n  ");
        boot_print_hex(table[i].type, 2);
        boot_putc(' ');
        boot_print_dec(table[i].start);
        boot_putc('+');
        boot_print_dec(table[i].sectors);
    }
    return 0;
}
