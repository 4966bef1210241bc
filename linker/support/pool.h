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
 * Of what is released a pool gives again what was handed out last, and of the rest the one largest
 * block: scratch memory is used so, which an object's reading takes before what stays of the
 * object. A block of many megabytes is malloc()'s and goes back to the system. A pool is never
 * closed: the process ends. Provides `pool_allocator`. */
#ifndef WELT_SUPPORT_POOL_H
#define WELT_SUPPORT_POOL_H

#include <stddef.h>
#include <welt.h>

/* All zeroes before it is used. */
struct pool {
    char *next, *end;
    char *clear;  /* from here to `end` nothing was written yet */
    size_t piece; /* bytes of the last one */
    char *spare;
    size_t spare_size;
};

welt_allocator pool_allocator(struct pool *pool);

#endif
