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

static void add_block(uint32_t state[5], const unsigned char *block)
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

void sha1_open(struct sha1 *hash)
{
    *hash = (struct sha1){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}

void sha1_add(struct sha1 *hash, const unsigned char *bytes, size_t size)
{
    while (size) {
        size_t before = hash->size % SHA1_BLOCK;
        size_t taken = size < SHA1_BLOCK - before ? size : SHA1_BLOCK - before;
        hash->size += taken;
        if (taken == SHA1_BLOCK) {
            add_block(hash->state, bytes);
        } else {
            memcpy(hash->rest + before, bytes, taken);
            if (before + taken == SHA1_BLOCK)
                add_block(hash->state, hash->rest);
        }
        bytes += taken;
        size -= taken;
    }
}

void sha1_close(struct sha1 *hash, unsigned char to[SHA1_SIZE])
{
    static const unsigned char padding[SHA1_BLOCK] = {0x80};
    unsigned char length[8];
    for (unsigned i = 0; i < 8; i++)
        length[7 - i] = (unsigned char)(hash->size * 8 >> (8 * i));
    size_t rest = hash->size % SHA1_BLOCK, end = SHA1_BLOCK - sizeof length;
    sha1_add(hash, padding, rest < end ? end - rest : SHA1_BLOCK + end - rest);
    sha1_add(hash, length, sizeof length);
    for (unsigned i = 0; i < SHA1_SIZE; i++)
        to[i] = (unsigned char)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}
