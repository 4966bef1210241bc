/* SPDX-License-Identifier: MIT
 *
 * The memory map of the BIOS, then those of three older BIOSes that this program plays itself: its
 * own int 15h comes first and answers instead, or says that it does not know. */
#include <welt/boot.h>

#define MEBIBYTE 0x100000u

/* What the played BIOS knows. */
enum { KNOWS_NOTHING, KNOWS_88, KNOWS_E801_CX, KNOWS_E801_AX };
uint8_t played;

void play_bios(void);

/* Carry is the answer's last word: it goes into the flags that iret will restore, at SP + 4. */
__asm__(".pushsection .text.play_bios, \"ax\", @progbits\n"
        ".globl play_bios\n"
        "play_bios:\n"
        "cmpb $1, %cs:played\n"
        "jb 3f\n"
        "je 1f\n"
        "cmpw $0xe801, %ax\n"
        "jne 3f\n"
        "movw $0x3c00, %cx\n"
        "movw $0x0010, %dx\n"
        "xorw %ax, %ax\n"
        "xorw %bx, %bx\n"
        "cmpb $2, %cs:played\n"
        "je 2f\n"
        "xchgw %ax, %cx\n"
        "xchgw %bx, %dx\n"
        "jmp 2f\n"
        "1: cmpb $0x88, %ah\n"
        "jne 3f\n"
        "movw $0x7c00, %ax\n"
        "2: pushw %bp\n"
        "movw %sp, %bp\n"
        "andb $0xfe, 6(%bp)\n"
        "popw %bp\n"
        "iretw\n"
        "3: pushw %bp\n"
        "movw %sp, %bp\n"
        "orb $1, 6(%bp)\n"
        "popw %bp\n"
        "iretw\n"
        ".popsection");

static struct boot_memory map[32];

static void print_entry(const struct boot_memory *entry)
{
    boot_print_hex((uint32_t)entry->base, 8);
    boot_print(" ");
    boot_print_hex((uint32_t)entry->size, 8);
    boot_print(entry->base >> 32 || entry->size >> 32 ? " high " : " ");
    boot_print_dec(entry->type);
    boot_print_dec(entry->attributes);
    boot_print("\n");
}

static void play(uint8_t knowledge, unsigned capacity)
{
    played = knowledge;
    memset(map, 0xcc, sizeof map);
    unsigned count = boot_memory_map(map, capacity);
    boot_print("played: ");
    boot_print_dec(count);
    boot_print(map[count].type == 0xcccccccc ? "\n" : " and more was written\n");
    for (unsigned index = 0; index < count; index++)
        print_entry(&map[index]);
}

/* The BIOS's map depends on the machine; that it has memory from 0 and from 1 MiB does not. */
static void check_bios(void)
{
    unsigned count = boot_memory_map(map, 32), known = 0;
    for (unsigned index = 0; index < count; index++) {
        int is_usable = map[index].type == BOOT_MEMORY_USABLE && map[index].attributes == 1;
        known |= is_usable && !map[index].base && map[index].size > 0x80000 ? 1 : 0;
        known |=
            is_usable && map[index].base == MEBIBYTE && map[index].size > 16 * MEBIBYTE ? 2 : 0;
    }
    boot_print(count > 2 && known == 3 ? "a map\n" : "no map\n");
    memset(map, 0xcc, sizeof map);
    unsigned two = boot_e820(map, 2);
    boot_print(two == 2 && map[2].type == 0xcccccccc ? "two entries\n" : "not two entries\n");
}

int main(void)
{
    check_bios();
    boot_poke32(0x15 * 4, (uint32_t)play_bios);
    play(KNOWS_NOTHING, 32);
    play(KNOWS_88, 32);
    play(KNOWS_E801_CX, 32);
    play(KNOWS_E801_AX, 32);
    play(KNOWS_E801_AX, 2);
    return 0;
}
