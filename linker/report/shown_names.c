/* SPDX-License-Identifier: MIT
 *
 * Symbols as their sources have them, for the forms of a report that are read by people; JSON keeps
 * what the objects have, by which reports are compared. Names are changed where they are shown, not
 * in the report: a table shows a dozen of thousands, and sums go by the objects' names. */
#include "report/model.h"

#include "support/demangle.h"

#include <string.h>

const char *shown_name(struct arena *arena, const char *name)
{
    char plain[DEMANGLED_ROOM];
    if (!name || !arena->host->demangle || !demangle_name(name, plain, sizeof plain))
        return name;
    return arena_text(arena, plain, strlen(plain));
}
