/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_SUGGEST_H
#define WELT_RESOLVE_SUGGEST_H

#include "link.h"

/* What to do about a symbol that nobody defines; NULL when nothing better than the obvious is
 * known. */
const char *suggest_for(struct link *link, const char *name, bool from_runtime);

/* What a name that is missing would be called in C++, or in C, when that is defined: a hint; else
 * NULL. */
const char *suggest_linkage(struct link *link, const char *name);

/* The diagnostic's id: names that compilers write have their own. */
const char *id_of_undefined(const char *name);

#endif
