/* SPDX-License-Identifier: MIT
 *
 * Disk transfers: many sectors, over tracks and 64 KiB boundaries, to odd addresses, beyond the
 * end; and boot_copy, which the same patterns check. The program writes far behind itself. */
#include <welt/boot.h>

#define FIRST_LBA 100
#define SECTORS 300
#define SOURCE 0x20000
#define TARGET 0x60000 /* both reach over two 64 KiB boundaries */

static void report(const char *what, unsigned wrong)
{
    boot_print(what);
    boot_print(wrong ? ": wrong\n" : ": right\n");
}

/* A sector of the pattern has its number in its first and last four bytes. */
static void make_pattern(uint32_t address)
{
    for (uint32_t sector = 0; sector < SECTORS; sector++) {
        boot_poke32(address + sector * 512, sector * 0x01010101);
        boot_poke32(address + sector * 512 + 508, ~sector);
    }
}

static unsigned wrong_pattern(uint32_t address, uint32_t first, uint32_t count)
{
    unsigned wrong = 0;
    for (uint32_t sector = first; sector < first + count; sector++, address += 512) {
        wrong += boot_peek32(address) != sector * 0x01010101;
        wrong += boot_peek32(address + 508) != ~sector;
    }
    return wrong;
}

static void erase(uint32_t address, uint32_t bytes)
{
    for (uint32_t at = 0; at < bytes; at += 4)
        boot_poke32(address + at, 0xcccccccc);
}

static void describe(unsigned drive)
{
    struct boot_geometry geometry = {0, 0, 0};
    boot_print(boot_disk_geometry(drive, &geometry) ? "no geometry\n" : "geometry: ");
    boot_print_dec(geometry.cylinders);
    boot_print(" ");
    boot_print_dec(geometry.heads);
    boot_print(" ");
    boot_print_dec(geometry.sectors);
    boot_print(", sectors: ");
    boot_print_dec((uint32_t)boot_disk_sectors(drive));
    boot_print("\n");
}

static void check_transfers(unsigned drive)
{
    make_pattern(SOURCE);
    report("write", (unsigned)boot_disk_write(drive, FIRST_LBA, SECTORS, SOURCE));
    erase(TARGET, SECTORS * 512);
    report("read", (unsigned)boot_disk_read(drive, FIRST_LBA, SECTORS, TARGET));
    report("what was read", wrong_pattern(TARGET, 0, SECTORS));
    erase(TARGET, SECTORS * 512);
    boot_copy(TARGET + 3, SOURCE, SECTORS * 512);
    report("copy", wrong_pattern(TARGET + 3, 0, SECTORS));
    report("the end of the copy",
           boot_peek8(TARGET + 3 + SECTORS * 512) != 0xcc && boot_peek8(TARGET + 2) != 0xcc);
}

static void check_odd_address(unsigned drive)
{
    static char buffer[3 * 512 + 2];
    uint32_t address = boot_linear(buffer + 1);
    buffer[0] = buffer[sizeof buffer - 1] = 'x';
    report("odd read", (unsigned)boot_disk_read(drive, FIRST_LBA + 71, 3, address));
    report("what was read",
           wrong_pattern(address, 71, 3) + (buffer[0] != 'x') + (buffer[sizeof buffer - 1] != 'x'));
    report("read of nothing", (unsigned)boot_disk_read(drive, FIRST_LBA, 0, address));
    report("and its buffer", wrong_pattern(address, 71, 3));
}

static void check_single_sectors(unsigned drive)
{
    unsigned wrong = 0;
    for (uint32_t sector = 0; sector < SECTORS; sector++) {
        wrong += (unsigned)boot_disk_read_sector(drive, FIRST_LBA + sector, TARGET);
        wrong += wrong_pattern(TARGET, sector, 1);
    }
    report("one by one", wrong);
    wrong = (unsigned)boot_disk_read_sector(drive, FIRST_LBA + 9, TARGET + 0x2345);
    report("at an odd address", wrong + wrong_pattern(TARGET + 0x2345, 9, 1));
}

static void check_errors(unsigned drive)
{
    uint32_t end = (uint32_t)boot_disk_sectors(drive);
    report("last sector", (unsigned)boot_disk_read(drive, end - 1, 1, TARGET));
    report("beyond the end", !boot_disk_read(drive, end, 1, TARGET));
    report("far beyond", !boot_disk_read(drive, 0x7fffffff, 1, TARGET));
    report("no such drive", !boot_disk_read(0x9f, 0, 1, TARGET));
    report("one beyond", !boot_disk_read_sector(drive, end, TARGET));
    report("one far beyond", !boot_disk_read_sector(drive, 0x7fffffff, TARGET));
    report("one elsewhere", !boot_disk_read_sector(0x9f, 0, TARGET));
}

int main(unsigned boot_drive)
{
    uint16_t es;
    describe(boot_drive);
    check_transfers(boot_drive);
    check_odd_address(boot_drive);
    check_single_sectors(boot_drive);
    check_errors(boot_drive);
    __asm__ volatile("movw %%es, %0" : "=r"(es));
    report("ES", es);
    return 0;
}
