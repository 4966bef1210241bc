/* SPDX-License-Identifier: 0BSD
 *
 * What a 16-bit boot program may call: the manual of Welt's runtime.
 *
 *     #include <welt/boot.h>
 *
 *     int main(void)
 *     {
 *         boot_print("Hello\n");
 *         return 0;
 *     }
 *
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -c hello.c
 *     welt hello.o -o boot.bin
 *
 * `welt` links the functions that a program uses and no others. The number of bytes beside a
 * function is what it adds to the image; "+ boot_print" means that it uses that one too. Functions
 * in C have the size that gcc 12 gives them; README.md in the runtime's folder has all of them.
 *
 * Contents: the ground rules; the start and the layout's symbols; console; keyboard; disk; memory;
 * A20; time; the end; ports; what compilers call.
 *
 * References in brackets: [RBIL] Ralf Brown's Interrupt List, release 61; [EDD] BIOS Enhanced Disk
 * Drive Specification 3.0; [ACPI] Advanced Configuration and Power Interface Specification 6.0,
 * chapter 15; [SDM] Intel 64 and IA-32 Architectures Software Developer's Manual.
 *
 *
 * The ground rules
 *
 * Mode: real mode, 80386 or later, code compiled with -m16 -march=i386: without -march, Debian's
 * gcc copies structures through SSE registers, which fault, as the BIOS leaves SSE off. CS, DS, ES
 * and SS are equal and must stay so: 0 in the layouts sector, vbr, raw, mbr and disk; the program's
 * own segment in com and rom. FS and GS are scratch for every function here. DF is clear.
 *
 * Pointers: 32 bits wide, but an offset in that segment, and the processor raises a fault beyond
 * offset 0xffff (QEMU does not; other machines do). So code, data, .bss, stack and every object of
 * C live in 64 KiB. Memory above that is reached by its linear address, a uint32_t below 0x100000,
 * through the functions that take one: disk transfers, boot_copy, boot_peek8 and its kin. Where DS
 * is 0 a pointer is its own linear address; boot_linear() is right in every layout.
 *
 * Calls: every function has its calling convention in its type (BOOT_CALL), so a program may be
 * compiled with any -mregparm. The functions of the last chapter, which compilers call on their
 * own, follow the compiler's default instead; they exist twice, and `welt --runtime=regparm3` takes
 * those for -mregparm=3. No object says how it passes arguments: with the wrong one of the two, or
 * where some of a program's objects are compiled with -mregparm=3 and others without, arguments are
 * garbage. Compile all of them alike. Of calls to helpers the linker warns (check `regparm') when
 * the object holds its compiler's options: -g or -frecord-gcc-switches.
 *
 * Sections: in the layout disk the BIOS loads the first sector alone, and what that runs before it
 * has loaded the rest must lie in it. Sections named .boot or .boot.NAME are put there, functions
 * and data:
 *
 *     __attribute__((section(".boot.text"))) void before_the_rest(void);
 *
 * `welt` tells when they reach what is loaded later ([welt-resident]). In the other layouts a name
 * like this means nothing: such a section is kept and follows the others of its kind.
 *
 * Stack: a BIOS call needs some of it; leave 1 KiB above what the program itself uses.
 *
 * Errors: a function that can fail returns 0 when it did not. */
#ifndef WELT_BOOT_H
#define WELT_BOOT_H

#ifndef __i386__
#error "welt/boot.h is for 16-bit x86 code: compile with -m16"
#endif

/* The types below repeat <stdint.h> and <stddef.h>, which C allows but older standards warn of. */
#pragma GCC system_header

#ifdef __cplusplus
extern "C" {
#endif

/* Not <stdint.h>: outside -ffreestanding it is the C library's, and a machine that compiles for
 * 64 bits has no 32-bit one. */
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __SIZE_TYPE__ size_t;

#define BOOT_CALL __attribute__((regparm(3)))
#define BOOT_NORETURN __attribute__((noreturn))

/* ---- The start and the layout's symbols ----
 *
 * A program defines `main`, as int main(void) or int main(unsigned boot_drive), and no `_start`:
 * the layout then brings the start-up that fits it. Interrupts are on while main runs (rom: as the
 * BIOS left them). What a start-up costs, and what becomes of main's value:
 *
 *     sector, vbr, raw     44   ignored: cli, hlt
 *     mbr                  55   ignored: cli, hlt
 *     disk                252   ignored: cli, hlt; the bytes lie in the first sector
 *     com                  25   what the program returns to DOS
 *     rom                  62   ignored: back to the BIOS
 *
 * boot_drive is the BIOS's number of the disk that the image came from: 0 the first floppy, 0x80
 * the first hard disk. There is none in com and rom.
 *
 * The symbols are addresses and have no bytes of their own: __bss_end - __bss_start. */
extern char __image_start[]; /* the first byte of the image, where it runs */
extern char __image_size[];  /* as a number: (size_t)__image_size, bytes of the image's file */
extern char __bss_start[];
extern char __bss_size[]; /* as a number */
extern char __bss_end[];
extern char _end[];            /* the first byte after .bss: free memory begins here */
extern char __stack_top[];     /* the stack grows down from here */
extern uint8_t __boot_drive[]; /* [0]: the boot drive; in main's argument slot, so read it early */
extern char __sector_count[];  /* disk: as a number, the sectors that follow the first one */

/* ---- Console: int 10h [RBIL] ----
 *
 * The text goes to page 0 at the cursor; \n starts a new line (no \r needed), \b and \a do what
 * they say. In graphics modes it is light grey. */
BOOT_CALL void boot_print(const char *text); /* 33 bytes */
BOOT_CALL void boot_putc(char character);    /* 24 bytes */

/* The last 1 to 8 digits of `value`, in upper case. 48 bytes + boot_print. */
BOOT_CALL void boot_print_hex(uint32_t value, unsigned digits);

/* 49 bytes + boot_print. */
BOOT_CALL void boot_print_dec(uint32_t value);

/* Rows and columns from 0. 14 bytes. */
BOOT_CALL void boot_set_cursor(unsigned row, unsigned column);

/* Sets text mode 3 (80 x 25, 16 colours), which clears the screen and puts the cursor at 0, 0.
 * 11 bytes. */
BOOT_CALL void boot_clear(void);

/* ---- Keyboard: int 16h [RBIL] ----
 *
 * A key is its scan code in bits 15-8 and its ASCII character, or 0, in bits 7-0. Enter is '\r'. */

/* Waits for a key and takes it. 10 bytes. */
BOOT_CALL uint16_t boot_get_key(void);

/* The key that boot_get_key would take, or 0 when it would wait. 14 bytes. */
BOOT_CALL uint16_t boot_key_ready(void);

#define BOOT_KEY_CHARACTER(key) ((char)((key)&0xff))
#define BOOT_KEY_SCAN_CODE(key) ((key) >> 8)

/* ---- Disk: int 13h [RBIL], [EDD] ----
 *
 * Sectors are 512 bytes and numbered from 0 (LBA), at most 32 bits of it: 2 TiB; drives with
 * larger sectors are not for these functions. `drive` is what main got, or 0 to 255. The int 13h
 * extensions are used when the drive has them, else cylinder, head and sector, up to cylinder 1023.
 * Any number of sectors may be asked for: a call of the BIOS never moves more than 64 sectors and
 * never crosses a 64 KiB boundary of memory; each is tried four times with a reset in between.
 *
 * `address` is linear (see the ground rules). Memory that contains a 64 KiB boundary must begin at
 * a multiple of 512; other memory may begin anywhere.
 *
 * A result other than 0 is the BIOS's status, among others:
 *
 *     0x01  invalid function or parameter: no such drive
 *     0x03  write-protected
 *     0x04  sector not found: beyond the end of the disk
 *     0x06  another diskette was inserted
 *     0x10  unreadable: CRC or ECC error
 *     0x80  no answer: no diskette in the drive
 *
 * How much of the memory was filled (of the disk, written) is then not known. */
BOOT_CALL int boot_disk_read(unsigned drive, uint32_t lba, uint32_t sectors,
                             uint32_t address); /* 227 bytes */
BOOT_CALL int boot_disk_write(unsigned drive, uint32_t lba, uint32_t sectors,
                              uint32_t address); /* 228 bytes */

/* One sector, for programs of one sector: 161 bytes. */
BOOT_CALL int boot_disk_read_sector(unsigned drive, uint32_t lba, uint32_t address);

struct boot_geometry {
    uint16_t cylinders; /* 1 to 1024 */
    uint16_t heads;     /* 1 to 256 */
    uint16_t sectors;   /* of a track: 1 to 63 */
};

/* By what the BIOS makes cylinders, heads and sectors; a large disk is larger than these say. 0 or
 * a status. 89 bytes. */
BOOT_CALL int boot_disk_geometry(unsigned drive, struct boot_geometry *geometry);

/* The number of sectors of a drive, by the extensions, else by its geometry; 0 when unknown. 132
 * bytes + boot_disk_geometry. */
BOOT_CALL uint64_t boot_disk_sectors(unsigned drive);

/* ---- Memory ---- */

/* The linear address of an object of C, in any layout. */
static inline uint32_t boot_linear(const void *object)
{
    uint16_t segment;
    __asm__("movw %%ds, %0" : "=r"(segment));
    return ((uint32_t)segment << 4) + (uint32_t)object;
}

/* One value at a linear address below 0x100000. FS is overwritten. Also for addresses below 0x1000,
 * such as the BIOS's data at 0x400: gcc warns of C pointers to them, taking them for null. */
#define BOOT_PEEK_POKE(bits, suffix, in, out)                                                      \
    static inline uint##bits##_t boot_peek##bits(uint32_t address)                                 \
    {                                                                                              \
        uint##bits##_t value;                                                                      \
        __asm__ volatile("movw %w1, %%fs\n\tmov" suffix " %%fs:(%2), %0"                           \
                         : out(value)                                                              \
                         : "r"(address >> 4), "r"(address & 15)                                    \
                         : "memory");                                                              \
        return value;                                                                              \
    }                                                                                              \
    static inline void boot_poke##bits(uint32_t address, uint##bits##_t value)                     \
    {                                                                                              \
        __asm__ volatile("movw %w1, %%fs\n\tmov" suffix " %0, %%fs:(%2)"                           \
                         :                                                                         \
                         : in(value), "r"(address >> 4), "r"(address & 15)                         \
                         : "memory");                                                              \
    }
BOOT_PEEK_POKE(8, "b", "q", "=q")
BOOT_PEEK_POKE(16, "w", "r", "=r")
BOOT_PEEK_POKE(32, "l", "r", "=r")
#undef BOOT_PEEK_POKE

/* Copies bytes between linear addresses below 0x100000, upwards: the areas may overlap when `to` is
 * below `from`. 73 bytes. */
BOOT_CALL void boot_copy(uint32_t to, uint32_t from, uint32_t bytes);

/* The memory map: int 15h, function E820h [ACPI]. Entries come in the BIOS's order and may overlap:
 * memory is free when an entry says so and no other says otherwise. */
struct boot_memory {
    uint64_t base;
    uint64_t size;
    uint32_t type;
    uint32_t attributes; /* bit 1: non-volatile; 1 from a BIOS that knows no attributes */
};

enum boot_memory_type {
    BOOT_MEMORY_USABLE = 1,
    BOOT_MEMORY_RESERVED = 2,
    BOOT_MEMORY_ACPI = 3,     /* ACPI tables: usable once they were read */
    BOOT_MEMORY_ACPI_NVS = 4, /* to be kept */
    BOOT_MEMORY_UNUSABLE = 5  /* defective */
};

/* Both return the number of entries, at most `capacity`. boot_e820 returns 0 when the BIOS does not
 * know the function; boot_memory_map then makes up to three entries of usable memory from what
 * older functions tell: int 12h, and int 15h, functions E801h or 88h [RBIL]. */
BOOT_CALL unsigned boot_e820(struct boot_memory *entries, unsigned capacity); /* 79 bytes */
BOOT_CALL unsigned boot_memory_map(struct boot_memory *entries,
                                   unsigned capacity); /* 147 bytes + boot_e820 */

/* ---- A20 ----
 *
 * While the gate is closed, address bit 20 is always 0: the second MiB is a mirror of the first.
 * Only a program that goes to protected or unreal mode, or uses FFFF:0010 and up, needs it. */

/* 1 or 0. Writes to linear address 0x200 and restores it. 43 bytes. */
BOOT_CALL int boot_a20_enabled(void);

/* Opens the gate: by int 15h, function 2401h [RBIL]; by the keyboard controller; by port 92h, last
 * because there are machines where it does something else. Each only as long as the gate is found
 * closed. 0, or 1 when it stays closed. 209 bytes + boot_a20_enabled. */
BOOT_CALL int boot_a20_enable(void);

/* ---- Time: int 1Ah [RBIL] ----
 *
 * A tick is 54.9 ms: 1193182 / 65536 of them are a second. Interrupts must be on. */

/* Since midnight: at most 0x1800af, then 0 again. 10 bytes. */
BOOT_CALL uint32_t boot_ticks(void);

/* Waits for so many ticks to begin; the first may be short. 48 bytes + boot_ticks. */
BOOT_CALL void boot_delay(uint32_t ticks);

/* ---- The end ---- */

BOOT_CALL BOOT_NORETURN void boot_halt(void);   /* cli, hlt: for good. 4 bytes */
BOOT_CALL BOOT_NORETURN void boot_reboot(void); /* a reset of the whole machine. 9 bytes */

/* ---- Ports ---- */

static inline uint8_t boot_in8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t boot_in16(uint16_t port)
{
    uint16_t value;
    __asm__ volatile("inw %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t boot_in32(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void boot_out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %w1" : : "a"(value), "Nd"(port));
}

static inline void boot_out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %w1" : : "a"(value), "Nd"(port));
}

static inline void boot_out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port));
}

/* Port E9h is where QEMU (-debugcon) and Bochs (port_e9_hack) listen; elsewhere nothing does. */
static inline void boot_debug_putc(char character)
{
    boot_out8(0xe9, (uint8_t)character);
}

BOOT_CALL void boot_debug_print(const char *text); /* 17 bytes */

/* ---- What compilers call ----
 *
 * Compilers call the first four on their own, even with -ffreestanding. All of these are weak: a
 * program's own definition takes their place. Sizes beyond 65535 are taken modulo 65536. */
void *memcpy(void *__restrict to, const void *__restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
int bcmp(const void *left, const void *right, size_t size);
void *memchr(const void *memory, int byte, size_t size);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t size);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t size);
char *strcpy(char *__restrict to, const char *__restrict from);
char *strncpy(char *__restrict to, const char *__restrict from, size_t size);
char *strcat(char *__restrict to, const char *__restrict from);
char *strchr(const char *text, int character);
char *strrchr(const char *text, int character);

/* And without a declaration here, for the compiler's eyes only: 64-bit division (__udivdi3,
 * __umoddi3, __divdi3, __moddi3, __udivmoddi4, __divmoddi4), multiplication, shifts, comparison and
 * negation (__muldi3, __ashldi3, __ashrdi3, __lshrdi3, __cmpdi2, __ucmpdi2, __negdi2), and bits
 * (__clz, __ctz, __ffs, __popcount, __parity, __bswap, each with si2 and di2). They are 16-bit
 * code; libgcc's of the same names are not. A 64-bit division by zero raises no exception. */

#ifdef __cplusplus
}
#endif

#endif
