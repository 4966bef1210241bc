/* SPDX-License-Identifier: MIT
 *
 * Patterns, found by what stands before their first wildcard.
 *
 * A script has dozens of patterns as a rule, and 20,000 where a tool wrote a line for each
 * function. A link has thousands of sections. To hold each section against each pattern is their
 * product, so a section is held only against patterns whose prefix its name begins with:
 *
 *     .rodata.str1.1  begins with   .rodata.str  of  .rodata.str*
 *                                   .rodata.     of  .rodata.*
 *                                   ""           of  *
 *
 * The prefixes are in the order of their bytes, and each knows the longest other one that it begins
 * with. All that stands between a prefix of a name and the name begins with that prefix. So from
 * the last one that is not behind the name the way along `shorter` leads past every prefix of the
 * name: one search, and no more steps than there are prefixes in one another. A hash table would
 * need one search for each length that a prefix has. */
#include "resolve/prefixes.h"

#include <stdlib.h>
#include <string.h>

static const struct pattern *pattern_of(const struct prefix_key *key)
{
    static const struct pattern all = {.text = ""};
    return key->pattern ? key->pattern : &all;
}

static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static int compare_keys(const void *a, const void *b)
{
    const struct prefix_key *left = a, *right = b;
    const struct pattern *x = pattern_of(left), *y = pattern_of(right);
    int order = compare_bytes(x->text, x->prefix, y->text, y->prefix);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

static bool begins_with(const struct prefix *longer, const struct prefix *prefix)
{
    return prefix->size <= longer->size && memcmp(longer->text, prefix->text, prefix->size) == 0;
}

static void add_prefix(struct prefixes *prefixes, const struct prefix_key *key, uint32_t first)
{
    uint32_t number = prefixes->count++;
    struct prefix *prefix = &prefixes->all[number];
    *prefix = (struct prefix){.text = pattern_of(key)->text,
                              .size = pattern_of(key)->prefix,
                              .first = first,
                              .shorter = number ? number - 1 : NONE,
                              .lowest = key->number};
    while (prefix->shorter != NONE && !begins_with(prefix, &prefixes->all[prefix->shorter]))
        prefix->shorter = prefixes->all[prefix->shorter].shorter;
    if (prefix->shorter != NONE && prefixes->all[prefix->shorter].lowest < prefix->lowest)
        prefix->lowest = prefixes->all[prefix->shorter].lowest;
}

void prefixes_open(struct prefixes *prefixes, struct arena *arena, struct prefix_key *keys,
                   size_t count)
{
    qsort(keys, count, sizeof *keys, compare_keys);
    prefixes->all = NEW_ARRAY(arena, struct prefix, count + 1);
    prefixes->patterns = NEW_ARRAY(arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct pattern *own = pattern_of(&keys[i]);
        const struct prefix *last = prefixes->count ? &prefixes->all[prefixes->count - 1] : NULL;
        if (!last || compare_bytes(last->text, last->size, own->text, own->prefix) != 0)
            add_prefix(prefixes, &keys[i], i);
        prefixes->patterns[i] = keys[i].number;
        prefixes->all[prefixes->count - 1].end = i + 1;
    }
}

static uint32_t last_not_behind(const struct prefixes *prefixes, const char *name, size_t size)
{
    uint32_t low = 0, high = prefixes->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct prefix *prefix = &prefixes->all[middle];
        if (compare_bytes(prefix->text, prefix->size, name, size) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : NONE;
}

uint32_t prefixes_find(const struct prefixes *prefixes, const char *name, size_t size)
{
    size_t common = 0;
    uint32_t found = last_not_behind(prefixes, name, size);
    if (found == NONE)
        return NONE;
    const struct prefix *last = &prefixes->all[found];
    while (common < size && common < last->size && name[common] == last->text[common])
        common++;
    while (found != NONE && prefixes->all[found].size > common)
        found = prefixes->all[found].shorter;
    return found;
}
