/* SPDX-License-Identifier: MIT
 *
 * MD5 (RFC 1321): for build ids that are asked for as such; not for secrets. */
#ifndef WELT_SUPPORT_MD5_H
#define WELT_SUPPORT_MD5_H

#include <stdint.h>

enum { MD5_SIZE = 16 };

/* Adds a block of 64 bytes to the four words of the state. */
void md5_add_block(uint32_t state[4], const unsigned char *block);

#endif
