/* SPDX-License-Identifier: MIT
 *
 * Advice for a budget that is over. */
#ifndef WELT_REPORT_ADVISE_H
#define WELT_REPORT_ADVISE_H

#include "report/graph.h"

/* Options of compilers that would save bytes, each measured from the objects. flags.c */
void find_flags(const struct graph *graph, struct report_advice *advice);

#endif
