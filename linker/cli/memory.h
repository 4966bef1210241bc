/* SPDX-License-Identifier: MIT
 *
 * Memory of the command's own, which is never NULL: when there is none left the command says so and
 * ends. For what is done before the link alone, while nothing is written. */
#ifndef WELT_CLI_MEMORY_H
#define WELT_CLI_MEMORY_H

#include <stddef.h>

/* As realloc(). */
void *resize(void *memory, size_t size);
/* A list that grows by one: doubles when the count is a power of two. */
void *grow(void *at, size_t count, size_t item_size);
/* "%.*s" and the like, in memory of its own. */
char *make_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
