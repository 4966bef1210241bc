/* SPDX-License-Identifier: MIT
 *
 * Constructors and destructors by their priority, in lld's dialect without a script. */
#ifndef WELT_RESOLVE_ARRAYS_LLD_H
#define WELT_RESOLVE_ARRAYS_LLD_H

#include "link.h"

void sort_arrays_as_lld(struct link *link);

#endif
