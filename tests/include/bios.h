/* Text output for the C programs of the tests: int 10h, function 0Eh, and nothing else, so that a
 * case does not lean on the runtime library unless it is about that. */
#ifndef WELT_TESTS_BIOS_H
#define WELT_TESTS_BIOS_H

static inline void bios_put(char character)
{
    __asm__ volatile("int $0x10" : : "a"(0x0e00 | (unsigned char)character), "b"(7) : "memory");
}

static inline void bios_print(const char *text)
{
    while (*text)
        bios_put(*text++);
}

static inline void bios_print_hex(unsigned number)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        bios_put("0123456789abcdef"[number >> shift & 15]);
}

#endif
