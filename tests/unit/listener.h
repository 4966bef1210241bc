/* SPDX-License-Identifier: MIT
 *
 * A host for tests: keeps the last diagnostic, counts memory, and can make any allocation fail. */
#ifndef WELT_TESTS_LISTENER_H
#define WELT_TESTS_LISTENER_H

#include "support/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listener {
    struct host host;
    jmp_buf escape;
    char id[64], text[1200], hint[300], excerpt[300];
    unsigned told;    /* diagnostics of every severity */
    size_t in_use;    /* bytes */
    unsigned allowed; /* allocations that succeed before one fails; UINT_MAX: all */
};

static inline void listener_hear(void *user, const welt_diagnostic *diagnostic)
{
    struct listener *listener = user;
    listener->told++;
    snprintf(listener->id, sizeof listener->id, "%s", diagnostic->id);
    snprintf(listener->text, sizeof listener->text, "%s", diagnostic->text);
    snprintf(listener->excerpt, sizeof listener->excerpt, "%s",
             diagnostic->excerpt ? diagnostic->excerpt : "");
    snprintf(listener->hint, sizeof listener->hint, "%s", diagnostic->hint ? diagnostic->hint : "");
}

static inline void *listener_allocate(void *user, size_t size)
{
    struct listener *listener = user;
    if (!listener->allowed)
        return NULL;
    if (listener->allowed != UINT32_MAX)
        listener->allowed--;
    listener->in_use += size;
    return malloc(size);
}

static inline void listener_release(void *user, void *memory, size_t size)
{
    struct listener *listener = user;
    listener->in_use -= size;
    free(memory);
}

/* The caller sets the escape: if (setjmp(listener.escape)) … where memory may run out. */
static inline void listener_open(struct listener *listener)
{
    *listener = (struct listener){.allowed = UINT32_MAX};
    listener->host.on_diagnostic = listener_hear;
    listener->host.user = listener;
    listener->host.allocator = (welt_allocator){
        .allocate = listener_allocate, .release = listener_release, .user = listener};
    listener->host.escape = &listener->escape;
}

#endif
