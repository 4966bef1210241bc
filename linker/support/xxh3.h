/* SPDX-License-Identifier: MIT
 *
 * XXH3, 64 bits, without seed: the hash by which lld sorts mergeable pieces. */
#ifndef WELT_SUPPORT_XXH3_H
#define WELT_SUPPORT_XXH3_H

#include <stddef.h>
#include <stdint.h>

uint64_t xxh3_64(const void *bytes, size_t size);

#endif
