/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_MERGE_LLD_H
#define WELT_RESOLVE_MERGE_LLD_H

#include "link.h"

/* Merges equal pieces, and puts them in lld's order. */
void merge_as_lld(struct link *link);

#endif
