/* SPDX-License-Identifier: 0BSD
 *
 * boot_disk_geometry and boot_disk_sectors of welt/boot.h: int 13h, function 08h [RBIL] and
 * function 48h [EDD]. */
#include "welt/boot.h"

/* Function 08h: CH = last cylinder 7-0, CL = last cylinder 9-8 and last sector, DH = last head. It
 * also points ES:DI at a diskette's parameters. */
BOOT_CALL int boot_disk_geometry(unsigned drive, struct boot_geometry *geometry)
{
    uint32_t status = 0x800, last = 0, head = drive;
    uint8_t failed;
    __asm__ volatile("pushw %%es\n\t"
                     "int $0x13\n\t"
                     "popw %%es"
                     : "+a"(status), "+c"(last), "+d"(head), "=@ccc"(failed)
                     :
                     : "ebx", "edi", "memory");
    if (failed)
        return (uint8_t)(status >> 8);
    geometry->cylinders = (uint16_t)(((last >> 8 & 0xff) | (last << 2 & 0x300)) + 1);
    geometry->heads = (uint16_t)((head >> 8 & 0xff) + 1);
    geometry->sectors = last & 63;
    return 0;
}

/* The start of what function 48h writes; the caller sets `size`. */
struct drive_parameters {
    uint16_t size;
    uint16_t flags;
    uint32_t cylinders, heads, sectors;
    uint64_t total;
    uint16_t bytes_of_sector;
} __attribute__((packed));

static uint64_t sectors_by_extensions(unsigned drive)
{
    struct drive_parameters parameters;
    uint32_t function = 0x4800;
    uint8_t failed;
    parameters.size = sizeof parameters;
    __asm__ volatile("int $0x13"
                     : "+a"(function), "+m"(parameters), "=@ccc"(failed)
                     : "d"(drive), "S"(&parameters)
                     : "memory");
    return failed ? 0 : parameters.total;
}

BOOT_CALL uint64_t boot_disk_sectors(unsigned drive)
{
    struct boot_geometry geometry;
    uint64_t sectors = sectors_by_extensions(drive);
    if (sectors || boot_disk_geometry(drive, &geometry))
        return sectors;
    return (uint32_t)geometry.cylinders * geometry.heads * geometry.sectors;
}
