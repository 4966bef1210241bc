/* SPDX-License-Identifier: MIT
 *
 * A table of names: each name has a number, counted from 0 in the order of arrival. Names are not
 * copied. */
#ifndef WELT_SUPPORT_NAMES_H
#define WELT_SUPPORT_NAMES_H

#include "support/arena.h"

#define NO_NAME UINT32_MAX

struct name {
    const char *text;
    uint32_t size, hash;
};

struct names {
    struct arena *arena;
    LIST(struct name) all;
    uint32_t *slots; /* 1 + number; open addressing */
    uint32_t mask;
};

void names_open(struct names *names, struct arena *arena);
uint32_t names_find(const struct names *names, const char *text, size_t size);
/* The name's number; *is_new when it had none. */
uint32_t names_add(struct names *names, const char *text, size_t size, bool *is_new);

uint32_t hash_bytes(const void *bytes, size_t size, uint32_t seed);

#endif
