/* SPDX-License-Identifier: MIT
 *
 * Names of C++ as its sources have them. See demangle.h.
 *
 * LLVM's C interface has no demangler; the C++ runtime library, which LLVM's reader brings along,
 * has one behind the interface of the Itanium C++ ABI (section 3.4), a C function. It takes its
 * memory from malloc() and gives up on names that are nested deep. Longer names than anybody reads
 * stay as they are, so that it costs little whatever stands in an object. */
#include "support/demangle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 500, ROOM = 1100 };

char *cxa_demangle(const char *name, char *buffer, size_t *size,
                   int *status) __asm__("__cxa_demangle");

static char *source_name(const char *quoted, size_t size)
{
    char name[LONGEST_NAME + 1];
    int status;
    if (size > LONGEST_NAME)
        return NULL;
    memcpy(name, quoted, size);
    name[size] = 0;
    return cxa_demangle(name, NULL, NULL, &status);
}

bool demangle_quoted(char *text, size_t room)
{
    char rest[ROOM];
    bool changed = false;
    for (char *at = text; (at = strstr(at, "`_Z")) != NULL;) {
        char *name = at + 1, *end = strchr(name, '\'');
        char *plain = end ? source_name(name, (size_t)(end - name)) : NULL;
        at = name;
        if (!plain)
            continue;
        size_t before = (size_t)(name - text);
        snprintf(rest, sizeof rest, "%s", end);
        snprintf(name, room - before, "%s%s", plain, rest);
        free(plain);
        changed = true;
    }
    return changed;
}
