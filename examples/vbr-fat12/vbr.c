/* SPDX-License-Identifier: 0BSD
 *
 * The boot sector of a FAT12 diskette: lists the files of its root directory.
 *
 *     mformat -C -f 1440 -i floppy.img ::
 *     mcopy -i floppy.img vbr.c ::
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -I../../include \
 *         -c vbr.c
 *     welt --layout vbr --template floppy.img vbr.o -o vbr.bin
 *     dd if=vbr.bin of=floppy.img conv=notrunc
 *     qemu-system-i386 -drive file=floppy.img,format=raw,if=floppy
 *
 * --template keeps the diskette's parameter block, which says where the root directory is. A file
 * whose name is not in the 8.3 form is listed by its short name. */
#include <welt/boot.h>

/* The beginning of the block: Microsoft FAT Specification (2005), section 3.1. */
struct parameter_block {
    uint8_t jump[3];
    char made_by[8];
    uint16_t bytes_per_sector;
    uint8_t sectors_per_cluster;
    uint16_t reserved_sectors;
    uint8_t tables;
    uint16_t root_entries;
    uint16_t sectors;
    uint8_t medium;
    uint16_t sectors_per_table;
} __attribute__((packed));

/* Section 6. An unused entry begins with 0xe5; the first one after the last, with 0. */
struct entry {
    char name[11];
    uint8_t attributes;
    uint8_t unused[20];
};

#define UNUSED ((char)0xe5)
#define HIDDEN_SYSTEM_OR_LABEL 0x0e /* parts of long names are all of them at once */

static struct entry sector[16];

/* False at the end of the directory. The byte behind a name becomes the end of the name. */
static int list_sector(void)
{
    for (struct entry *entry = sector; entry < sector + 16; entry++) {
        if (!entry->name[0])
            return 0;
        if (entry->name[0] == UNUSED || entry->attributes & HIDDEN_SYSTEM_OR_LABEL)
            continue;
        entry->attributes = 0;
        boot_print(entry->name);
        boot_print("\n");
    }
    return 1;
}

int main(unsigned drive)
{
    const struct parameter_block *volume = (const struct parameter_block *)__image_start;
    uint32_t lba = volume->reserved_sectors + volume->tables * volume->sectors_per_table;
    do {
        if (boot_disk_read_sector(drive, lba++, (uint32_t)sector)) {
            boot_print("disk read error");
            break;
        }
    } while (list_sector());
    return 0;
}
