/* SPDX-License-Identifier: 0BSD
 *
 * A master boot record: starts the boot sector of the active partition.
 *
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -I../../include \
 *         -c mbr.c
 *     welt --layout mbr --template disk.img mbr.o -o mbr.bin
 *     dd if=mbr.bin of=disk.img conv=notrunc
 *
 * --template keeps the disk's partition table. Without one the program says that there is nothing
 * to start.
 *
 * Memory: the BIOS loads this at 0x7c00, the start-up moves it to 0x600 and runs it there, and the
 * partition's boot sector takes its place. That one is entered as if the BIOS had loaded it: with
 * DL = drive, and with DS:SI = its entry of the partition table, which boot sectors of hard disks
 * look at. */
#include <welt/boot.h>

#define LOAD_ADDRESS 0x7c00
#define TABLE_OFFSET 446
#define SIGNATURE_OFFSET 510
#define SIGNATURE 0xaa55
#define ACTIVE 0x80

struct partition {
    uint8_t status;
    uint8_t first[3];
    uint8_t type;
    uint8_t last[3];
    uint32_t lba;
    uint32_t sectors;
};

#define TABLE ((const struct partition *)(__image_start + TABLE_OFFSET))

/* Returns only when there is nothing to start, with the reason. */
static const char *start(unsigned drive)
{
    const struct partition *entry = TABLE;
    while (entry->status != ACTIVE)
        if (++entry == TABLE + 4)
            return "no active partition";
    if (boot_disk_read_sector(drive, entry->lba, LOAD_ADDRESS))
        return "disk read error";
    if (*(const uint16_t *)(LOAD_ADDRESS + SIGNATURE_OFFSET) != SIGNATURE)
        return "no boot sector";
    __asm__ volatile("ljmpw $0, %0" : : "i"(LOAD_ADDRESS), "d"(drive), "S"(entry));
    __builtin_unreachable();
}

int main(unsigned drive)
{
    boot_print(start(drive));
    return 0;
}
