/* SPDX-License-Identifier: MIT
 *
 * The built-in layouts: runtime/layouts/NAME.ld, compiled in. */
#ifndef WELT_SCRIPT_LAYOUTS_H
#define WELT_SCRIPT_LAYOUTS_H

#include <stddef.h>

struct builtin_layout {
    const char *name, *text;
};
extern const struct builtin_layout builtin_layouts[];
extern const size_t builtin_layout_count;

/* The last ones are GNU ld's scripts, ld and ld-r: no layouts that a boot image could have. */
static inline size_t boot_layout_count(void)
{
    return builtin_layout_count - 2;
}

#endif
