/* SPDX-License-Identifier: 0BSD
 *
 * A program of several sectors that remembers: it asks for a name, writes it into its own image and
 * knows it at the next boot.
 *
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -I../../include \
 *         -c memory.c
 *     welt --layout disk memory.o -o boot.bin
 *     qemu-system-i386 -drive file=boot.bin,format=raw,if=floppy
 *
 * The first sector comes from the runtime: it loads the others to 0x7e00, where .data lies too. So
 * the record below is in memory when main begins, and as the image begins at sector 0 of the disk,
 * its address says which sector it came from. */
#include <welt/boot.h>

struct record {
    char name[32];
    uint32_t boots;
    char unused[512 - 36];
};

/* .data, and a sector of its own, so that saving it touches nothing else. */
static struct record record __attribute__((aligned(512))) = {.boots = 1};

/* .bss: what came back from the disk. */
static struct record copy;

/* A line from the keyboard, with backspace; echoes what it takes. */
static void read_line(char *line, unsigned size)
{
    unsigned length = 0;
    for (;;) {
        char character = BOOT_KEY_CHARACTER(boot_get_key());
        if (character == '\r')
            break;
        if (character == '\b' && length) {
            boot_print("\b \b");
            length--;
        }
        if (character < ' ' || length == size - 1)
            continue;
        boot_putc(character);
        line[length++] = character;
    }
    line[length] = 0;
    boot_print("\n");
}

static uint32_t sector_of(const void *object)
{
    return ((uint32_t)object - (uint32_t)__image_start) / 512;
}

static void save(unsigned drive)
{
    uint32_t sector = sector_of(&record);
    int status = boot_disk_write(drive, sector, 1, boot_linear(&record));
    if (!status)
        status = boot_disk_read(drive, sector, 1, boot_linear(&copy));
    if (status) {
        boot_print("The disk says ");
        boot_print_hex((uint32_t)status, 2);
        boot_print(", so I shall forget.\n");
        return;
    }
    boot_print(memcmp(&record, &copy, sizeof record) ? "The disk has lost it.\n"
                                                     : "Written down, and read again.\n");
}

static void greet_again(void)
{
    boot_print("Welcome back, ");
    boot_print(record.name);
    boot_print(". This is boot number ");
    boot_print_dec(record.boots);
    boot_print(".\n");
}

static void make_friends(void)
{
    boot_print("We have not met. What is your name? ");
    read_line(record.name, sizeof record.name);
    boot_print("Pleased to meet you, ");
    boot_print(record.name);
    boot_print(".\n");
}

int main(unsigned boot_drive)
{
    if (record.name[0])
        greet_again();
    else
        make_friends();
    record.boots++;
    save(boot_drive);
    return 0;
}
