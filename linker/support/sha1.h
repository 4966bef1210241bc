/* SPDX-License-Identifier: MIT
 *
 * SHA-1 (RFC 3174): for build ids, which GNU ld makes with it; not for secrets. */
#ifndef WELT_SUPPORT_SHA1_H
#define WELT_SUPPORT_SHA1_H

#include <stddef.h>

enum { SHA1_SIZE = 20 };

void sha1(const unsigned char *bytes, size_t size, unsigned char hash[SHA1_SIZE]);

#endif
