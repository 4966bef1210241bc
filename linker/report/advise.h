/* SPDX-License-Identifier: MIT
 *
 * Advice for a budget that is over. */
#ifndef WELT_REPORT_ADVISE_H
#define WELT_REPORT_ADVISE_H

#include "report/graph.h"

/* Options of compilers that would save bytes, each measured from the objects. flags.c */
void find_flags(const struct graph *graph, struct report_advice *advice);

/* Of a function that is the program: what it is made of. program.c */
void describe_program(const struct graph *graph, uint32_t row, struct report_advice *advice);

#endif
