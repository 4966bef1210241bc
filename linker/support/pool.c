/* SPDX-License-Identifier: MIT
 *
 * See pool.h. Requires mmap(2) with MAP_ANONYMOUS; madvise(2) may fail, which costs time alone. */
#include "support/pool.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ALIGNMENT = 16,
    FIRST_PIECE = 1 << 20,
    LARGEST_PIECE = 32 << 20,
    HUGE_PAGE = 2 << 20,  /* of x86-64 */
    OWN_BLOCK = 16 << 20, /* from here on a block is malloc()'s */
};

static char *map_pages(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

/* The kernel gives a huge page only where one fits whole, so the piece begins at its boundary; what
 * lies before is never touched. */
static char *map_huge(size_t size)
{
    char *pages = map_pages(size + HUGE_PAGE);
    if (!pages)
        return NULL;
    pages += -(uintptr_t)pages & (HUGE_PAGE - 1);
    madvise(pages, size, MADV_HUGEPAGE);
    return pages;
}

/* Under a limit of memory (ulimit -v) a small piece may fit where a large one does not. */
static bool add_piece(struct pool *pool, size_t at_least)
{
    size_t size = pool->piece ? pool->piece * 2 : FIRST_PIECE;
    if (size > LARGEST_PIECE)
        size = LARGEST_PIECE;
    if (size < at_least)
        size = at_least;
    for (; size >= at_least && size >= FIRST_PIECE; size /= 2) {
        char *pages = size > HUGE_PAGE ? map_huge(size) : map_pages(size);
        if (pages) {
            pool->next = pool->clear = pages;
            pool->end = pages + size;
            pool->piece = size;
            return true;
        }
    }
    return false;
}

static size_t rounded(size_t size)
{
    return (size + ALIGNMENT - 1) & -(size_t)ALIGNMENT;
}

static bool is_own_block(size_t size)
{
    return size >= OWN_BLOCK;
}

static void *take_spare(struct pool *pool)
{
    char *memory = pool->spare;
    pool->spare = NULL;
    pool->spare_size = 0;
    return memory;
}

/* `*used`: so many bytes at its begin may have been written before, the others are 0. */
static char *take(struct pool *pool, size_t size, size_t *used)
{
    if (size <= pool->spare_size && size > pool->spare_size / 2) {
        *used = size;
        return take_spare(pool);
    }
    if (size > (size_t)(pool->end - pool->next) && !add_piece(pool, size))
        return NULL;
    char *memory = pool->next;
    pool->next += size;
    *used = pool->clear < pool->next ? (size_t)(pool->clear - memory) : size;
    if (pool->clear < pool->next)
        pool->clear = pool->next;
    return memory;
}

static void *allocate(void *user, size_t size)
{
    size_t used;
    return is_own_block(size) ? malloc(size) : take(user, rounded(size), &used);
}

static void *allocate_zeroed(void *user, size_t size)
{
    size_t used;
    if (is_own_block(size))
        return calloc(1, size);
    char *memory = take(user, rounded(size), &used);
    return memory ? memset(memory, 0, used) : NULL;
}

static void release(void *user, void *memory, size_t size)
{
    struct pool *pool = user;
    if (is_own_block(size)) {
        free(memory);
    } else if ((char *)memory + rounded(size) == pool->next) {
        pool->next = memory;
    } else if (rounded(size) > pool->spare_size) {
        pool->spare = memory;
        pool->spare_size = rounded(size);
    }
}

welt_allocator pool_allocator(struct pool *pool)
{
    return (welt_allocator){
        .allocate = allocate, .release = release, .user = pool, .allocate_zeroed = allocate_zeroed};
}
