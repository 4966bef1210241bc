/* SPDX-License-Identifier: MIT
 *
 * GNU ld's table of symbols, as far as its order goes (found by experiment with 2.40): an array of
 * chains, one for each value of a name's hash modulo the array's size; a new name stands first in
 * its chain. When the names are more than three quarters of the chains, a larger array takes over,
 * chain by chain from the front; each run of names of one hash goes, as it is, to the front of its
 * new chain. A walk goes through the chains in their order. */
#include "support/ld_order.h"

struct table {
    uint32_t *heads, *next; /* 1 + number; 0: the end */
    uint64_t *hashes;       /* of the numbers */
    uint64_t size;
};

static uint64_t hash_of(const struct name *name)
{
    uint64_t hash = 0, size = name->size;
    for (uint64_t i = 0; i < size; i++) {
        uint64_t c = (unsigned char)name->text[i];
        hash += c + (c << 17);
        hash ^= hash >> 2;
    }
    hash += size + (size << 17);
    return hash ^ hash >> 2;
}

/* The sizes it grows through: primes below the powers of two. */
static uint64_t larger(uint64_t size)
{
    static const uint64_t sizes[] = {4091,    8191,    16381,    32749,   65537,
                                     131071,  262139,  524287,   1048573, 2097143,
                                     4194301, 8388593, 16777213, 33554393};
    size_t i = 0;
    while (i + 1 < sizeof sizes / sizeof *sizes && sizes[i] <= size)
        i++;
    return sizes[i];
}

static void grow(struct table *table, struct arena *arena)
{
    uint64_t size = larger(table->size);
    uint32_t *heads = NEW_ARRAY(arena, uint32_t, size);
    for (uint64_t i = 0; i < table->size; i++) {
        while (table->heads[i]) {
            uint32_t first = table->heads[i], last = first;
            uint64_t hash = table->hashes[first - 1];
            while (table->next[last - 1] && table->hashes[table->next[last - 1] - 1] == hash)
                last = table->next[last - 1];
            table->heads[i] = table->next[last - 1];
            table->next[last - 1] = heads[hash % size];
            heads[hash % size] = first;
        }
    }
    table->heads = heads;
    table->size = size;
}

static void add(struct table *table, uint32_t number)
{
    uint32_t *head = &table->heads[table->hashes[number] % table->size];
    table->next[number] = *head;
    *head = number + 1;
}

uint32_t *ld_order(struct arena *arena, const struct names *names)
{
    enum { FIRST_SIZE = 4051, LAST_SIZE = 33554393 };
    uint32_t count = (uint32_t)names->all.count;
    struct table table = {.heads = NEW_ARRAY(arena, uint32_t, FIRST_SIZE),
                          .next = NEW_ARRAY(arena, uint32_t, count + 1),
                          .hashes = NEW_ARRAY(arena, uint64_t, count + 1),
                          .size = FIRST_SIZE};
    for (uint32_t i = 0; i < count; i++) {
        table.hashes[i] = hash_of(&names->all.at[i]);
        add(&table, i);
        if (i + 1 > table.size * 3 / 4 && table.size < LAST_SIZE)
            grow(&table, arena);
    }
    uint32_t found = 0, *order = NEW_ARRAY(arena, uint32_t, count + 1);
    for (uint64_t i = 0; i < table.size; i++)
        for (uint32_t at = table.heads[i]; at; at = table.next[at - 1])
            order[found++] = at - 1;
    return order;
}
