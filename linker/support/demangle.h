/* SPDX-License-Identifier: MIT */
#ifndef WELT_SUPPORT_DEMANGLE_H
#define WELT_SUPPORT_DEMANGLE_H

#include <stdbool.h>
#include <stddef.h>

/* Puts what the source has in the place of each mangled name of C++ that stands in quotes:
 *
 *     undefined symbol `_Z5printPKc'    ->    undefined symbol `print(char const*)'
 *
 * As far as there is room; false: nothing was to be changed. */
bool demangle_quoted(char *text, size_t room);

#endif
