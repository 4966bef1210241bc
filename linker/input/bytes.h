/* SPDX-License-Identifier: MIT
 *
 * Numbers in a file's bytes. Objects in archives lie at any even offset, so nothing is read through
 * a cast pointer; compilers make one load of each of these. */
#ifndef WELT_INPUT_BYTES_H
#define WELT_INPUT_BYTES_H

#include <stdbool.h>
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

/* Do so many names, `total` bytes long together, overlap more in their string table than any tool
 * makes them? Sound names share tails at most, and short ones (".L0") are used again and again.
 * Without this bound 50,000 names that are all tails of one name of a megabyte take minutes to
 * compare. */
static inline bool names_overlap(uint64_t total, uint64_t table, uint64_t count)
{
    return total > 4 * table + 256 * count;
}

#endif
