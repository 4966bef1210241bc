/* build: clang -m16 -march=i386 -O2 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -ffunction-sections -fdata-sections -c */
#include <stdint.h>
static inline void put(char c) { __asm__ volatile("int $0x10" : : "a"(0x0e00 | (uint8_t)c), "b"(7)); }
static void print(const char *s) { while (*s) put(*s++); }
static void hex(uint32_t n)
{
    for (int i = 28; i >= 0; i -= 4)
        put("0123456789abcdef"[n >> i & 15]);
    print("\r\n");
}
static uint32_t seed = 1;
static uint32_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}
static int key(void)
{
    int k;
    __asm__ volatile("int $0x16" : "=a"(k) : "a"(0));
    return k;
}
int main(void)
{
    print("Guess the dice. Press a key from 1 to 6, or q to give up.\r\n");
    for (int round = 0; round < 10; round++) {
        int k = key() & 255;
        if (k == 'q')
            break;
        int dice = (int)(next() % 6) + 1;
        if (k - '0' == dice)
            print("You have won the game, well done.\r\n");
        else if (k < '1' || k > '6')
            print("That is no face of a dice at all.\r\n");
        else
            print("No, it was another one. Once more!\r\n");
        hex(seed);
        for (int i = 0; i < 16; i++)
            put((char)('a' + (i * 7 + (int)seed % 5) % 26));
        hex((uint32_t)dice);
        hex((uint32_t)k);
    }
    print("Good bye.");
    for (;;)
        __asm__ volatile("hlt");
}
