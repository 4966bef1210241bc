/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_SORT_TAKEN_H
#define WELT_RESOLVE_SORT_TAKEN_H

#include "link.h"

struct taken_section { /* beside link.taken: which pattern took it */
    uint32_t atom, count;
    const struct section_pattern *pattern; /* NULL: a file name alone */
};

struct taken_list LIST_OF(struct taken_section);

bool patterns_sort_alike(const struct section_pattern *a, const struct section_pattern *b);
/* By the files' names, if they sort, then as the pattern says; NULL: it says nothing. */
int compare_taken(const struct link *link, const struct statement *statement,
                  const struct section_pattern *pattern, const struct taken_section *a,
                  const struct taken_section *b);
/* Whether what several patterns match is wanted by each of them. */
bool sorts_by_tree(const struct link *link, const struct statement *statement);

/* sort_tree.c: requires sorts_by_tree(). */
void sort_by_tree(struct link *link, const struct statement *statement, struct taken_list *taken);

/* Puts what a statement took in the order that its SORT… patterns ask for. */
void sort_taken(struct link *link, const struct statement *statement, struct taken_list *taken);

#endif
