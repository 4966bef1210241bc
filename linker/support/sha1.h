/* SPDX-License-Identifier: MIT
 *
 * SHA-1 (RFC 3174): for build ids, which GNU ld makes with it; not for secrets. */
#ifndef WELT_SUPPORT_SHA1_H
#define WELT_SUPPORT_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_SIZE = 20, SHA1_BLOCK = 64 };

struct sha1 {
    uint32_t state[5];
    uint64_t size;
    unsigned char rest[SHA1_BLOCK];
};

void sha1_open(struct sha1 *hash);
void sha1_add(struct sha1 *hash, const unsigned char *bytes, size_t size);
void sha1_close(struct sha1 *hash, unsigned char to[SHA1_SIZE]);

#endif
