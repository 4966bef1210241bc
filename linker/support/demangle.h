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

#endif
