/* SPDX-License-Identifier: MIT */
#include "support/md5.h"

#include <string.h>

enum { ROUNDS = 64 };

/* The integer part of 4294967296 times the sine of 1, 2, 3 … radians, without its sign. */
static const uint32_t sines[ROUNDS] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t rotate(uint32_t value, unsigned by)
{
    return value << by | value >> (32 - by);
}

/* The four groups of rounds: their function, and which word of the block they take (RFC 1321,
 * 3.4). */
static uint32_t mixed(unsigned round, const uint32_t s[4], unsigned *word)
{
    switch (round / 16) {
    case 0: *word = round; return (s[1] & s[2]) | (~s[1] & s[3]);
    case 1: *word = 5 * round + 1; return (s[1] & s[3]) | (s[2] & ~s[3]);
    case 2: *word = 3 * round + 5; return s[1] ^ s[2] ^ s[3];
    default: *word = 7 * round; return s[2] ^ (s[1] | ~s[3]);
    }
}

static uint32_t word_at(const unsigned char *block, unsigned index)
{
    const unsigned char *at = block + 4ull * (index % 16);
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void md5_add_block(uint32_t state[4], const unsigned char *block)
{
    static const unsigned char turns[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t s[4];
    memcpy(s, state, sizeof s);
    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned word;
        uint32_t sum = s[0] + mixed(i, s, &word) + sines[i];
        uint32_t next = s[1] + rotate(sum + word_at(block, word), turns[i / 16][i % 4]);
        s[0] = s[3];
        s[3] = s[2];
        s[2] = s[1];
        s[1] = next;
    }
    for (int i = 0; i < 4; i++)
        state[i] += s[i];
}
