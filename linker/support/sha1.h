/* SPDX-License-Identifier: MIT
 *
 * SHA-1 (RFC 3174): for build ids, which GNU ld makes with it; not for secrets. */
#ifndef WELT_SUPPORT_SHA1_H
#define WELT_SUPPORT_SHA1_H

#include <stdint.h>

enum { SHA1_SIZE = 20 };

/* Adds a block of 64 bytes to the five words of the state. */
void sha1_add_block(uint32_t state[5], const unsigned char *block);

#endif
