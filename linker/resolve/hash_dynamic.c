/* SPDX-License-Identifier: MIT
 *
 * The order of .dynsym, and the tables by which a loader finds a name in it: .gnu.hash and .hash.
 *
 * Symbols stand in the order of GNU ld's own table (support/ld_order.h), since images are compared;
 * those that .gnu.hash knows stand last, sorted by its buckets. Sources: System V ABI (edition of
 * 2013, draft), 5 "Hash Table"; .gnu.hash as the loaders read it. */
#include "resolve/size_dynamic.h"
#include "support/bytes.h"
#include "support/ld_order.h"

/* GNU ld's numbers of buckets. */
static uint32_t bucket_count(size_t symbols)
{
    static const uint32_t sizes[] = {1,   3,    17,   37,   67,   97,    131,   197,  263,
                                     521, 1031, 2053, 4099, 8209, 16411, 32771, 65537};
    size_t i = 0;
    while (i + 1 < sizeof sizes / sizeof *sizes && symbols >= sizes[i + 1])
        i++;
    return sizes[i];
}

static uint32_t gnu_hash(const struct name *name)
{
    uint32_t hash = 5381;
    for (uint32_t i = 0; i < name->size; i++)
        hash = hash * 33 + (unsigned char)name->text[i];
    return hash;
}

/* System V ABI, 5 "Hash Table". */
static uint32_t system_v_hash(const struct name *name)
{
    uint32_t hash = 0;
    for (uint32_t i = 0; i < name->size; i++) {
        hash = (hash << 4) + (unsigned char)name->text[i];
        hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
    }
    return hash;
}

struct hashed { /* of .gnu.hash */
    uint32_t *globals, *hashes;
    uint32_t count, buckets;
};

static uint32_t hash_of(const struct link *link, uint32_t global)
{
    return gnu_hash(&link->global_names.all.at[global]);
}

/* By counting: symbols of one bucket keep their order. */
static void sort_by_bucket(struct link *link, struct hashed *hashed)
{
    struct arena *arena = &link->arena;
    uint32_t *sorted = NEW_ARRAY(arena, uint32_t, hashed->count + 1);
    uint32_t *starts = NEW_ARRAY(arena, uint32_t, hashed->buckets + 1);
    for (uint32_t i = 0; i < hashed->count; i++)
        starts[hash_of(link, hashed->globals[i]) % hashed->buckets + 1]++;
    for (uint32_t b = 0; b < hashed->buckets; b++)
        starts[b + 1] += starts[b];
    for (uint32_t i = 0; i < hashed->count; i++)
        sorted[starts[hash_of(link, hashed->globals[i]) % hashed->buckets]++] = hashed->globals[i];
    hashed->globals = sorted;
    hashed->hashes = NEW_ARRAY(arena, uint32_t, hashed->count + 1);
    for (uint32_t i = 0; i < hashed->count; i++)
        hashed->hashes[i] = hash_of(link, sorted[i]);
}

/* The symbols that are not defined come first, then the others by bucket. */
static struct hashed order_visible(struct link *link)
{
    struct dynamic *dynamic = link->dynamic;
    const uint32_t *order = ld_order(&link->arena, &link->global_names);
    struct hashed hashed = {.globals = NEW_ARRAY(&link->arena, uint32_t, link->globals.count + 1)};
    for (size_t i = 0; i < link->globals.count; i++) {
        uint32_t index = order[i];
        if (!dynamic->text_of[index])
            continue;
        if (dynamic->gnu_hash && link->globals.at[index].state > GLOBAL_WEAK_UNDEFINED)
            hashed.globals[hashed.count++] = index;
        else
            *list_add(&link->arena, &dynamic->visible) = index;
    }
    hashed.buckets = hashed.count < 3 ? 2 : bucket_count(hashed.count);
    sort_by_bucket(link, &hashed);
    for (uint32_t i = 0; i < hashed.count; i++)
        *list_add(&link->arena, &dynamic->visible) = hashed.globals[i];
    return hashed;
}

/* How many bits a filter of so many names has, as a power of two. */
static unsigned filter_size(const struct link *link, uint32_t count)
{
    unsigned log = 1;
    for (uint32_t x = count; x >>= 1;)
        log++;
    if (log < 3)
        log = 5;
    else
        log += 1u << (log - 2) & count ? 3 : 2;
    return link->form.is_64 && log == 5 ? 6 : log;
}

/* Header, filter, buckets, and of each symbol its hash, whose lowest bit ends a bucket. */
static void make_gnu_hash(struct link *link, const struct hashed *hashed)
{
    struct dynamic *dynamic = link->dynamic;
    unsigned word = link->form.is_64 ? 64 : 32, shift = link->form.is_64 ? 6 : 5;
    unsigned log = hashed->count ? filter_size(link, hashed->count) : shift;
    uint32_t words = 1u << (log - shift), buckets = hashed->count ? hashed->buckets : 1;
    uint32_t first = 1 + (uint32_t)dynamic->visible.count - hashed->count;
    uint64_t size = 16 + (uint64_t)words * word / 8 + 4ull * buckets + 4ull * hashed->count;
    unsigned char *bytes = arena_alloc(&link->arena, size);
    unsigned char *filter = bytes + 16, *bucket = filter + (size_t)words * word / 8;
    unsigned char *chain = bucket + 4ull * buckets;
    put_number(bytes, buckets, 4);
    put_number(bytes + 4, hashed->count ? first : 1, 4);
    put_number(bytes + 8, words, 4);
    put_number(bytes + 12, hashed->count ? log : 0, 4);
    for (uint32_t i = 0; i < hashed->count; i++) {
        uint32_t hash = hashed->hashes[i], its = hash % buckets;
        uint32_t base = ((hash >> shift) & (words - 1)) * word;
        uint32_t bits[2] = {base + hash % word, base + (hash >> log) % word};
        for (unsigned b = 0; b < 2; b++)
            filter[bits[b] / 8] |= (unsigned char)(1u << bits[b] % 8);
        bool is_first = !i || hashed->hashes[i - 1] % buckets != its;
        bool is_last = i + 1 == hashed->count || hashed->hashes[i + 1] % buckets != its;
        if (is_first)
            put_number(bucket + 4ull * its, first + i, 4);
        put_number(chain + 4ull * i, (hash & ~1u) | is_last, 4);
    }
    set_dynamic_contents(dynamic, dynamic->gnu_hash, bytes, size);
}

/* Chains, the newest first, in the order of GNU ld's table. */
static void make_hash(struct link *link)
{
    struct dynamic *dynamic = link->dynamic;
    uint32_t symbols = (uint32_t)dynamic->visible.count + 1, buckets = bucket_count(symbols - 1);
    uint32_t *numbers = NEW_ARRAY(&link->arena, uint32_t, link->globals.count + 1);
    uint32_t *heads = NEW_ARRAY(&link->arena, uint32_t, buckets);
    const uint32_t *order = ld_order(&link->arena, &link->global_names);
    uint64_t size = 4 * (2 + (uint64_t)buckets + symbols);
    unsigned char *bytes = arena_alloc(&link->arena, size);
    for (uint32_t i = 0; i < dynamic->visible.count; i++)
        numbers[dynamic->visible.at[i]] = i + 1;
    put_number(bytes, buckets, 4);
    put_number(bytes + 4, symbols, 4);
    for (size_t i = 0; i < link->globals.count; i++) {
        uint32_t number = numbers[order[i]];
        if (!number)
            continue;
        uint32_t bucket = system_v_hash(&link->global_names.all.at[order[i]]) % buckets;
        put_number(bytes + 4 * (2 + (uint64_t)buckets + number), heads[bucket], 4);
        put_number(bytes + 4 * (2 + (uint64_t)bucket), number, 4);
        heads[bucket] = number;
    }
    set_dynamic_contents(dynamic, dynamic->hash, bytes, size);
}

void hash_dynamic(struct link *link)
{
    struct hashed hashed = order_visible(link);
    if (link->dynamic->gnu_hash)
        make_gnu_hash(link, &hashed);
    if (link->dynamic->hash)
        make_hash(link);
}
