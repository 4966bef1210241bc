/* SPDX-License-Identifier: MIT */
#ifndef WELT_SUPPORT_DEMANGLE_H
#define WELT_SUPPORT_DEMANGLE_H

#include <stdbool.h>
#include <stddef.h>

/* Puts what the source has in the place of each mangled name of C++ or Rust that begins behind a
 * quote or a blank:
 *
 *     undefined symbol `_Z5printPKc'    ->    undefined symbol `print(char const*)'
 *
 * As far as there is room; false: nothing was to be changed. */
bool demangle_names(char *text, size_t room);

/* The same of one name: `_ZN4game4moveEi' gives `game::move(int)'. False: it is not mangled, or has
 * no room as the source has it. */
enum { DEMANGLED_ROOM = 1000 };
bool demangle_name(const char *name, char *plain, size_t room);

#endif
