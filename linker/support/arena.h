/* SPDX-License-Identifier: MIT
 *
 * Memory that is freed all at once. An object has an arena, a link has one; nothing in them is
 * freed singly. Everything is zeroed. Allocation never returns NULL (see host.h). */
#ifndef WELT_SUPPORT_ARENA_H
#define WELT_SUPPORT_ARENA_H

#include "support/host.h"

struct arena_block;

struct arena {
    struct host *host;
    struct arena_block *blocks; /* newest first */
    char *next, *end;           /* free room in the newest block */
};

void arena_open(struct arena *arena, struct host *host);
void arena_close(struct arena *arena);
/* The same, but its blocks are kept for the next arena: host_set_aside(). */
void arena_set_aside(struct arena *arena);
/* Back to what it was when it was copied. Requires that blocks taken since were given back: see
 * host_free_since(). */
void arena_rewind(struct arena *arena, struct arena before);

/* One block for so much, beforehand. */
void arena_reserve(struct arena *arena, size_t size);
void *arena_alloc(struct arena *arena, size_t size);                    /* aligned for any type */
void *arena_array(struct arena *arena, size_t count, size_t item_size); /* checks the product */
char *arena_text(struct arena *arena, const char *text, size_t size); /* a copy that ends in NUL */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define NEW(arena, type) ((type *)arena_alloc(arena, sizeof(type)))
#define NEW_ARRAY(arena, type, count) ((type *)arena_array(arena, count, sizeof(type)))

/* A growing array: LIST(struct span) spans; *list_add(arena, &spans) = span; spans.at[i],
 * spans.count. Growth leaves the old array in the arena, at most as much again as the list holds.
 */
#define LIST(type) struct LIST_OF(type)
#define LIST_OF(type)                                                                              \
    {                                                                                              \
        type *at;                                                                                  \
        size_t count, room;                                                                        \
    }

void *list_grow(struct arena *arena, void *at, size_t *room, size_t count, size_t item_size);

/* Room for so many items at once. Requires an empty list. */
#define list_reserve(arena, list, wanted)                                                          \
    ((list)->at = arena_array((arena), (wanted), sizeof *(list)->at), (list)->room = (wanted))

#define list_add(arena, list)                                                                      \
    ((list)->count < (list)->room                                                                  \
         ? (void)0                                                                                 \
         : (void)((list)->at = list_grow((arena), (list)->at, &(list)->room, (list)->count,        \
                                         sizeof *(list)->at)),                                     \
     &(list)->at[(list)->count++])

#endif
