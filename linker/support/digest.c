/* SPDX-License-Identifier: MIT */
#include "support/digest.h"

#include <string.h>

static void add_block(struct digest *digest, const unsigned char *block)
{
    if (digest->is_md5)
        md5_add_block(digest->state, block);
    else
        sha1_add_block(digest->state, block);
}

void digest_open(struct digest *digest, bool is_md5)
{
    *digest = (struct digest){
        .is_md5 = is_md5, .state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}

void digest_add(struct digest *digest, const unsigned char *bytes, size_t size)
{
    while (size) {
        size_t before = digest->size % DIGEST_BLOCK;
        size_t taken = size < DIGEST_BLOCK - before ? size : DIGEST_BLOCK - before;
        digest->size += taken;
        if (taken == DIGEST_BLOCK) {
            add_block(digest, bytes);
        } else {
            memcpy(digest->rest + before, bytes, taken);
            if (before + taken == DIGEST_BLOCK)
                add_block(digest, digest->rest);
        }
        bytes += taken;
        size -= taken;
    }
}

/* Byte `index` of a number of `size` bytes: MD5 has the lowest first, SHA-1 the highest. */
static unsigned char byte_of(const struct digest *digest, uint64_t number, unsigned index,
                             unsigned size)
{
    unsigned place = digest->is_md5 ? index : size - 1 - index;
    return (unsigned char)(number >> (8 * place));
}

void digest_close(struct digest *digest, unsigned char to[DIGEST_MOST])
{
    static const unsigned char padding[DIGEST_BLOCK] = {0x80};
    unsigned char length[8];
    for (unsigned i = 0; i < sizeof length; i++)
        length[i] = byte_of(digest, digest->size * 8, i, sizeof length);
    size_t rest = digest->size % DIGEST_BLOCK, end = DIGEST_BLOCK - sizeof length;
    digest_add(digest, padding, rest < end ? end - rest : DIGEST_BLOCK + end - rest);
    digest_add(digest, length, sizeof length);
    for (unsigned i = 0; i < (digest->is_md5 ? MD5_SIZE : SHA1_SIZE); i++)
        to[i] = byte_of(digest, digest->state[i / 4], i % 4, 4);
}
