/* SPDX-License-Identifier: MIT
 *
 * Hashes of a run of bytes, for build ids: SHA-1 or MD5. Both cut it into blocks in the same way,
 * and close it with a bit, zeroes and the length; they differ in the order of a number's bytes. */
#ifndef WELT_SUPPORT_DIGEST_H
#define WELT_SUPPORT_DIGEST_H

#include "support/md5.h"
#include "support/sha1.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BLOCK = 64, DIGEST_MOST = SHA1_SIZE };

struct digest {
    bool is_md5;
    uint32_t state[DIGEST_MOST / 4];
    uint64_t size;
    unsigned char rest[DIGEST_BLOCK];
};

void digest_open(struct digest *digest, bool is_md5);
void digest_add(struct digest *digest, const unsigned char *bytes, size_t size);
/* SHA1_SIZE or MD5_SIZE bytes. */
void digest_close(struct digest *digest, unsigned char to[DIGEST_MOST]);

#endif
