/* SPDX-License-Identifier: MIT
 *
 * Memory for a process that makes one link and ends: pages taken from the system in large pieces.
 *
 * A link of 1,000 objects makes some 10,000 small arenas' blocks. From malloc() they cost the
 * kernel a fault each 4 KB, together a quarter of the link's time. A pool hands out room from one
 * piece after another, each twice as large as the last, and asks for huge pages in the large ones:
 * 11,700 faults became 800. A library must not do this (its host's process lives on, with its own
 * allocator); the command does, through welt_allocator.
 *
 * What is released goes back only when it was the last that was handed out, which is how scratch
 * memory is used, or when it is so large that it came from malloc(). A pool is never closed: the
 * process ends. Provides `pool_allocator`. */
#ifndef WELT_SUPPORT_POOL_H
#define WELT_SUPPORT_POOL_H

#include <stddef.h>
#include <welt.h>

/* All zeroes before it is used. */
struct pool {
    char *next, *end;
    size_t piece; /* bytes of the last one */
};

welt_allocator pool_allocator(struct pool *pool);

#endif
