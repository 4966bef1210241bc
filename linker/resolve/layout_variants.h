/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_LAYOUT_VARIANTS_H
#define WELT_RESOLVE_LAYOUT_VARIANTS_H

#include "link.h"

const char *layout_variant(struct arena *arena, const struct settings *set, const char *text);

#endif
