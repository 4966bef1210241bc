/* SPDX-License-Identifier: MIT
 *
 * XXH3, 64 bits, without seed, after its specification (xxHash, doc/xxhash_spec.md, "XXH3
 * algorithm"): a formula for each range of sizes, all mixing the input with a fixed secret. */
#include "support/xxh3.h"

#include <stdbool.h>
#include <string.h>

static const uint64_t prime32_1 = 0x9E3779B1, prime32_2 = 0x85EBCA77, prime32_3 = 0xC2B2AE3D;
static const uint64_t prime64_1 = 0x9E3779B185EBCA87, prime64_2 = 0xC2B2AE3D27D4EB4F,
                      prime64_3 = 0x165667B19E3779F9, prime64_4 = 0x85EBCA77C2B2AE63,
                      prime64_5 = 0x27D4EB2F165667C5;

enum { SECRET_SIZE = 192, STRIPE = 64, STRIPES_IN_BLOCK = (SECRET_SIZE - STRIPE) / 8 };

static const unsigned char secret[SECRET_SIZE] = {
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
    0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
    0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
    0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
    0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
    0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
    0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
    0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
    0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
    0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
    0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
    0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
};

/* ---- arithmetic ---- */

static uint64_t read32(const unsigned char *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
}

static uint64_t read64(const unsigned char *at)
{
    return read32(at) | read32(at + 4) << 32;
}

static uint64_t rotate(uint64_t value, unsigned by)
{
    return value << by | value >> (64 - by);
}

static uint64_t swap_bytes(uint64_t value)
{
    uint64_t swapped = 0;
    for (unsigned i = 0; i < 8; i++)
        swapped = swapped << 8 | ((value >> (8 * i)) & 0xff);
    return swapped;
}

/* The two halves of the product of 128 bits, folded into one by exclusive or. */
static uint64_t fold_product(uint64_t a, uint64_t b)
{
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), cross_a = (a >> 32) * (b & UINT32_MAX);
    uint64_t cross_b = (a & UINT32_MAX) * (b >> 32), high = (a >> 32) * (b >> 32);
    uint64_t cross = (low >> 32) + (cross_a & UINT32_MAX) + cross_b;
    return ((cross << 32) | (low & UINT32_MAX)) ^ (high + (cross_a >> 32) + (cross >> 32));
}

static uint64_t avalanche(uint64_t hash)
{
    hash = (hash ^ hash >> 37) * UINT64_C(0x165667919E3779F9);
    return hash ^ hash >> 32;
}

static uint64_t avalanche_short(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * prime64_2;
    hash = (hash ^ hash >> 29) * prime64_3;
    return hash ^ hash >> 32;
}

/* ---- up to 16 bytes ---- */

static uint64_t hash_to_3(const unsigned char *in, size_t size)
{
    uint64_t combined =
        (uint64_t)in[0] << 16 | (uint64_t)in[size >> 1] << 24 | in[size - 1] | (uint64_t)size << 8;
    return avalanche_short(combined ^ read32(secret) ^ read32(secret + 4));
}

static uint64_t hash_to_8(const unsigned char *in, size_t size)
{
    uint64_t flip = read64(secret + 8) ^ read64(secret + 16);
    uint64_t hash = (read32(in + size - 4) + (read32(in) << 32)) ^ flip;
    hash ^= rotate(hash, 49) ^ rotate(hash, 24);
    hash *= UINT64_C(0x9FB21C651E98DF25);
    hash ^= (hash >> 35) + size;
    hash *= UINT64_C(0x9FB21C651E98DF25);
    return hash ^ hash >> 28;
}

static uint64_t hash_to_16(const unsigned char *in, size_t size)
{
    uint64_t low = read64(in) ^ read64(secret + 24) ^ read64(secret + 32);
    uint64_t high = read64(in + size - 8) ^ read64(secret + 40) ^ read64(secret + 48);
    return avalanche(size + swap_bytes(low) + high + fold_product(low, high));
}

static uint64_t hash_short(const unsigned char *in, size_t size)
{
    if (size > 8)
        return hash_to_16(in, size);
    if (size >= 4)
        return hash_to_8(in, size);
    if (size)
        return hash_to_3(in, size);
    return avalanche_short(read64(secret + 56) ^ read64(secret + 64));
}

/* ---- up to 240 bytes ---- */

static uint64_t mix(const unsigned char *in, const unsigned char *with)
{
    return fold_product(read64(in) ^ read64(with), read64(in + 8) ^ read64(with + 8));
}

static uint64_t hash_to_128(const unsigned char *in, size_t size)
{
    uint64_t sum = size * prime64_1;
    for (size_t i = (size - 1) / 32 + 1; i-- > 0;)
        sum +=
            mix(in + 16 * i, secret + 32 * i) + mix(in + size - 16 * (i + 1), secret + 32 * i + 16);
    return avalanche(sum);
}

static uint64_t hash_to_240(const unsigned char *in, size_t size)
{
    uint64_t sum = size * prime64_1;
    for (size_t i = 0; i < 8; i++)
        sum += mix(in + 16 * i, secret + 16 * i);
    sum = avalanche(sum);
    for (size_t i = 8; i < size / 16; i++)
        sum += mix(in + 16 * i, secret + 16 * (i - 8) + 3);
    return avalanche(sum + mix(in + size - 16, secret + 119));
}

/* ---- more ---- */

static void accumulate(uint64_t sums[8], const unsigned char *in, const unsigned char *with)
{
    for (size_t i = 0; i < 8; i++) {
        uint64_t value = read64(in + 8 * i), key = value ^ read64(with + 8 * i);
        sums[i ^ 1] += value;
        sums[i] += (key & UINT32_MAX) * (key >> 32);
    }
}

static void scramble(uint64_t sums[8])
{
    for (size_t i = 0; i < 8; i++) {
        sums[i] ^= sums[i] >> 47;
        sums[i] ^= read64(secret + SECRET_SIZE - STRIPE + 8 * i);
        sums[i] *= prime32_1;
    }
}

static uint64_t hash_long(const unsigned char *in, size_t size)
{
    uint64_t sums[8] = {prime32_3, prime64_1, prime64_2, prime64_3,
                        prime64_4, prime32_2, prime64_5, prime32_1};
    uint64_t result = size * prime64_1;
    size_t stripes = (size - 1) / STRIPE;
    for (size_t i = 0; i < stripes; i++) {
        accumulate(sums, in + STRIPE * i, secret + 8 * (i % STRIPES_IN_BLOCK));
        if (i % STRIPES_IN_BLOCK == STRIPES_IN_BLOCK - 1)
            scramble(sums);
    }
    accumulate(sums, in + size - STRIPE, secret + SECRET_SIZE - STRIPE - 7);
    for (size_t i = 0; i < 4; i++)
        result += fold_product(sums[2 * i] ^ read64(secret + 11 + 16 * i),
                               sums[2 * i + 1] ^ read64(secret + 19 + 16 * i));
    return avalanche(result);
}

uint64_t xxh3_64(const void *bytes, size_t size)
{
    if (size <= 16)
        return hash_short(bytes, size);
    if (size <= 128)
        return hash_to_128(bytes, size);
    return size <= 240 ? hash_to_240(bytes, size) : hash_long(bytes, size);
}
