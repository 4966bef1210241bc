/* SPDX-License-Identifier: MIT
 *
 * Numbers in a file's bytes, in memory's order of a PC unless said otherwise. Objects in archives
 * lie at any even offset, so nothing is read through a cast pointer; compilers make one load of
 * each of these. */
#ifndef WELT_SUPPORT_BYTES_H
#define WELT_SUPPORT_BYTES_H

#include <stdint.h>

static inline uint16_t get16(const unsigned char *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t get32(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline uint64_t get64(const unsigned char *at)
{
    return get32(at) | (uint64_t)get32(at + 4) << 32;
}

static inline uint32_t get32_big(const unsigned char *at)
{
    return at[3] | (uint32_t)at[2] << 8 | (uint32_t)at[1] << 16 | (uint32_t)at[0] << 24;
}

static inline uint64_t get64_big(const unsigned char *at)
{
    return get32_big(at + 4) | (uint64_t)get32_big(at) << 32;
}

/* The lowest bytes of a number, the lowest first. */
static inline void put_number(unsigned char *to, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

#endif
