/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_PREFIXES_H
#define WELT_RESOLVE_PREFIXES_H

#include "link.h"

/* What stands before the first wildcard of some patterns. */
struct prefix {
    const char *text;
    uint32_t size;
    uint32_t first, end; /* its patterns: prefixes.patterns from first up to end, ascending */
    uint32_t shorter;    /* the longest other prefix that this one begins with, or NONE */
    uint32_t lowest;     /* number of a pattern, of its own and of those of the shorter ones */
};

struct prefixes {
    struct prefix *all; /* in the order of bytes */
    uint32_t count;
    uint32_t *patterns; /* their numbers */
};

/* A pattern to be found: pattern NULL takes all names. */
struct prefix_key {
    const struct pattern *pattern;
    uint32_t number;
};

/* Sorts the keys. */
void prefixes_open(struct prefixes *prefixes, struct arena *arena, struct prefix_key *keys,
                   size_t count);
/* The longest prefix that a name begins with, or NONE; the others are its shorter ones. */
uint32_t prefixes_find(const struct prefixes *prefixes, const char *name, size_t size);

#endif
