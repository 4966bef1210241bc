/* SPDX-License-Identifier: MIT */
#include "support/sha1.h"

#include <string.h>

enum { ROUNDS = 80 };

static uint32_t rotate(uint32_t value, unsigned by)
{
    return value << by | value >> (32 - by);
}

/* The four groups of rounds: their function and constant (RFC 3174, 5). */
static uint32_t mixed(int round, const uint32_t s[5])
{
    switch (round / 20) {
    case 0: return ((s[1] & s[2]) | (~s[1] & s[3])) + 0x5a827999u;
    case 1: return (s[1] ^ s[2] ^ s[3]) + 0x6ed9eba1u;
    case 2: return ((s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3])) + 0x8f1bbcdcu;
    default: return (s[1] ^ s[2] ^ s[3]) + 0xca62c1d6u;
    }
}

void sha1_add_block(uint32_t state[5], const unsigned char *block)
{
    uint32_t words[ROUNDS], s[5];
    for (int i = 0; i < 16; i++, block += 4)
        words[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 |
                   block[3];
    for (int i = 16; i < ROUNDS; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t next = rotate(s[0], 5) + mixed(i, s) + s[4] + words[i];
        memmove(s + 1, s, 4 * sizeof *s);
        s[2] = rotate(s[2], 30);
        s[0] = next;
    }
    for (int i = 0; i < 5; i++)
        state[i] += s[i];
}
