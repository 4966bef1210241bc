/* SPDX-License-Identifier: MIT
 *
 * What size_dynamic.c and hash_dynamic.c give each other. */
#ifndef WELT_RESOLVE_SIZE_DYNAMIC_H
#define WELT_RESOLVE_SIZE_DYNAMIC_H

#include "dynamic.h"
#include "link.h"

/* Gives a section of the made object its bytes; 0 stands for a section that is not there. */
void set_dynamic_contents(const struct dynamic *dynamic, uint32_t section,
                          const unsigned char *bytes, uint64_t size);

/* Requires: the names that .dynstr has (text_of). Provides: the visible symbols in their order, and
 * the contents of .gnu.hash and .hash. */
void hash_dynamic(struct link *link);

#endif
