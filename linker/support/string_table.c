/* SPDX-License-Identifier: MIT
 *
 * String tables: a string once, and one that is another's tail within it, as GNU ld writes them.
 *
 *     add "main", ".rel.text", ".text"   ->   "\0main\0.rel.text\0"   offsets 1, 6, 10
 *
 * Offsets follow the order in which strings came; tails are found by sorting from the last byte. */
#include "support/string_table.h"

#include <stdlib.h>
#include <string.h>

void strings_open(struct elf_strings *strings, struct arena *arena)
{
    names_open(&strings->names, arena);
    strings_add(strings, "", 0);
}

uint32_t strings_add(struct elf_strings *strings, const char *text, size_t size)
{
    bool is_new;
    return names_add(&strings->names, text, size, &is_new);
}

struct tail {
    const char *text;
    uint32_t size, number;
};

static int compare_tails(const void *left, const void *right)
{
    const struct tail *a = left, *b = right;
    uint32_t shorter = a->size < b->size ? a->size : b->size;
    for (uint32_t i = 1; i <= shorter; i++) {
        unsigned char x = (unsigned char)a->text[a->size - i];
        unsigned char y = (unsigned char)b->text[b->size - i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a->size > b->size) - (a->size < b->size);
}

static bool is_tail(const struct tail *tail, const struct tail *whole)
{
    return tail->size <= whole->size &&
           memcmp(tail->text, whole->text + whole->size - tail->size, tail->size) == 0;
}

/* Provides for each string the one that it is a tail of, or itself: of several the nearest behind
 * it in the order from the last byte, as GNU ld has it. */
static void find_wholes(struct tail *tails, size_t count, uint32_t *whole_of)
{
    const struct tail *whole = NULL;
    for (size_t i = count; i-- > 0;) {
        if (!whole || !is_tail(&tails[i], whole))
            whole = &tails[i];
        whole_of[tails[i].number] = whole->number;
    }
}

void strings_close(struct elf_strings *strings, struct arena *arena)
{
    size_t count = strings->names.all.count;
    const struct name *names = strings->names.all.at;
    struct tail *tails = NEW_ARRAY(arena, struct tail, count);
    uint32_t *whole_of = NEW_ARRAY(arena, uint32_t, count);
    strings->offsets = NEW_ARRAY(arena, uint64_t, count);
    for (uint32_t i = 1; i < count; i++)
        tails[i - 1] = (struct tail){names[i].text, names[i].size, i};
    qsort(tails, count - 1, sizeof *tails, compare_tails);
    find_wholes(tails, count - 1, whole_of);
    strings->size = 1;
    for (uint32_t i = 1; i < count; i++) {
        if (whole_of[i] != i)
            continue;
        strings->offsets[i] = strings->size;
        strings->size += names[i].size + 1;
    }
    for (uint32_t i = 1; i < count; i++)
        strings->offsets[i] =
            strings->offsets[whole_of[i]] + names[whole_of[i]].size - names[i].size;
}

void strings_write(const struct elf_strings *strings, unsigned char *to)
{
    for (uint32_t i = 1; i < strings->names.all.count; i++)
        memcpy(to + strings->offsets[i], strings->names.all.at[i].text,
               strings->names.all.at[i].size);
}
