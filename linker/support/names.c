/* SPDX-License-Identifier: MIT
 *
 * The table of names: a hash table whose order of arrival is what anyone sees. */
#include "support/names.h"

#include <string.h>

/* Multiply and fold, eight bytes a step: names are short, and there are many. Not made to withstand
 * an attacker's collisions: those cost time in proportion to the attacker's own file, bounded by
 * its size. */
uint32_t hash_bytes(const void *bytes, size_t size, uint32_t seed)
{
    const unsigned char *next = bytes;
    uint64_t hash = 0x9e3779b97f4a7c15u ^ seed ^ size;
    while (size >= 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        hash = (hash ^ word) * 0xd6e8feb86659fd93u;
        hash ^= hash >> 32;
        next += 8;
        size -= 8;
    }
    uint64_t rest = 0;
    memcpy(&rest, next, size);
    hash = (hash ^ rest) * 0xd6e8feb86659fd93u;
    hash ^= hash >> 29;
    hash *= 0xd6e8feb86659fd93u;
    return (uint32_t)(hash >> 32);
}

void names_open(struct names *names, struct arena *arena)
{
    *names = (struct names){.arena = arena, .mask = 255};
    names->slots = NEW_ARRAY(arena, uint32_t, 256);
}

static uint32_t slot_of(const struct names *names, const char *text, size_t size, uint32_t hash)
{
    uint32_t slot = hash & names->mask;
    for (; names->slots[slot]; slot = (slot + 1) & names->mask) {
        const struct name *name = &names->all.at[names->slots[slot] - 1];
        if (name->hash == hash && name->size == size && memcmp(name->text, text, size) == 0)
            break;
    }
    return slot;
}

uint32_t names_find(const struct names *names, const char *text, size_t size)
{
    uint32_t slot = slot_of(names, text, size, hash_bytes(text, size, 0));
    return names->slots[slot] ? names->slots[slot] - 1 : NO_NAME;
}

static void grow(struct names *names)
{
    names->mask = names->mask * 4 + 3;
    names->slots = NEW_ARRAY(names->arena, uint32_t, (size_t)names->mask + 1);
    for (uint32_t i = 0; i < names->all.count; i++) {
        uint32_t slot = names->all.at[i].hash & names->mask;
        while (names->slots[slot])
            slot = (slot + 1) & names->mask;
        names->slots[slot] = i + 1;
    }
}

uint32_t names_add(struct names *names, const char *text, size_t size, bool *is_new)
{
    uint32_t hash = hash_bytes(text, size, 0);
    uint32_t slot = slot_of(names, text, size, hash);
    *is_new = !names->slots[slot];
    if (!*is_new)
        return names->slots[slot] - 1;
    if ((names->all.count + 1) * 2 > names->mask) {
        grow(names);
        slot = slot_of(names, text, size, hash);
    }
    *list_add(names->arena, &names->all) =
        (struct name){.text = text, .size = (uint32_t)size, .hash = hash};
    names->slots[slot] = (uint32_t)names->all.count;
    return names->slots[slot] - 1;
}
