/* SPDX-License-Identifier: MIT
 *
 * An archive in this link, which is searched for what is undefined when its turn comes. */
#ifndef WELT_RESOLVE_LIBRARY_H
#define WELT_RESOLVE_LIBRARY_H

#include "link.h"

struct library {
    struct archive *archive;
    struct object **parsed; /* members that were read already, or NULL */
    uint8_t *taken;         /* member -> 1: linked */
    bool is_runtime;
};

/* NULL: an error was diagnosed. */
struct library *library_open(struct link *link, const char *path, welt_bytes bytes);
/* Links the members that define what is undefined, and what those ask for; whether there were any.
 * An archive without an index is given one first. */
bool library_search(struct link *link, struct library *library);
/* Gives an archive that has no index one of its members' symbols. */
void library_index(struct link *link, struct library *library);
/* Links a member, whether or not anything asks for it. */
void library_take(struct link *link, struct library *library, uint32_t index);
/* Whether its index has the name. */
bool library_has(const struct library *library, const char *name);

#endif
