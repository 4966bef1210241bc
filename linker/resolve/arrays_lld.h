/* SPDX-License-Identifier: MIT
 *
 * Constructors and destructors by their priority, in lld's dialect. */
#ifndef WELT_RESOLVE_ARRAYS_LLD_H
#define WELT_RESOLVE_ARRAYS_LLD_H

#include "link.h"

/* The number behind the name of .init_array.N, and 65535 less it of .ctors.N; 65536: there is none.
 */
long priority_of(const char *name);
/* Without a script. */
void sort_arrays_as_lld(struct link *link);

#endif
