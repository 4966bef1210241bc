/* SPDX-License-Identifier: MIT
 *
 * Arenas: blocks of growing size, bump allocation, freed in one go. */
#include "support/arena.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *older;
    size_t size; /* of the whole block, this header included */
};

void arena_open(struct arena *arena, struct host *host)
{
    *arena = (struct arena){.host = host};
}

static void close_blocks(struct arena *arena, void (*give)(struct host *host, void *block))
{
    struct arena_block *block = arena->blocks;
    while (block) {
        struct arena_block *older = block->older;
        give(arena->host, block);
        block = older;
    }
    *arena = (struct arena){.host = arena->host};
}

void arena_close(struct arena *arena)
{
    close_blocks(arena, host_free);
}

void arena_set_aside(struct arena *arena)
{
    close_blocks(arena, host_set_aside);
}

/* The newest block's room is zeroes again, as all that an arena gives out. */
void arena_rewind(struct arena *arena, struct arena before)
{
    *arena = before;
    if (arena->blocks)
        memset(arena->next, 0, (size_t)(arena->end - arena->next));
}

/* Blocks double up to a bound, so a small object costs one small block and a large link few. */
static void add_block(struct arena *arena, size_t size, bool is_exact)
{
    size_t block_size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (is_exact)
        block_size = 0;
    if (block_size > LARGEST_BLOCK)
        block_size = LARGEST_BLOCK;
    if (size > SIZE_MAX / 2)
        host_fail(arena->host, WELT_NO_MEMORY);
    if (block_size < size + sizeof(struct arena_block) + ALIGNMENT)
        block_size = size + sizeof(struct arena_block) + ALIGNMENT;
    struct arena_block *block = host_alloc_zeroed(arena->host, block_size);
    block->older = arena->blocks;
    block->size = block_size;
    arena->blocks = block;
    arena->next = (char *)(block + 1);
    arena->end = (char *)block + block_size;
}

void arena_reserve(struct arena *arena, size_t size)
{
    if (!arena->blocks || size > (size_t)(arena->end - arena->next))
        add_block(arena, size, true);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t room = (size_t)(arena->end - arena->next);
    size_t skip = (size_t)(-(uintptr_t)arena->next & (ALIGNMENT - 1));
    if (!arena->blocks || size > room || skip > room - size) {
        add_block(arena, size, false);
        skip = (size_t)(-(uintptr_t)arena->next & (ALIGNMENT - 1));
    }
    char *memory = arena->next + skip;
    arena->next = memory + size;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t item_size)
{
    if (item_size && count > SIZE_MAX / item_size)
        host_fail(arena->host, WELT_NO_MEMORY);
    return arena_alloc(arena, count * item_size);
}

char *arena_text(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    if (size)
        memcpy(copy, text, size);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0)
        size = 0;
    char *text = arena_alloc(arena, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return text;
}

void *list_grow(struct arena *arena, void *at, size_t *room, size_t count, size_t item_size)
{
    size_t wanted = *room ? *room * 2 : 8;
    void *grown = arena_array(arena, wanted, item_size);
    if (count)
        memcpy(grown, at, count * item_size);
    *room = wanted;
    return grown;
}
