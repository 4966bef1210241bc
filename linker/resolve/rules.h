/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_RULES_H
#define WELT_RESOLVE_RULES_H

#include "resolve/prefixes.h"

/* One pattern of one input statement. */
struct rule {
    const struct statement *statement;
    const struct section_pattern *pattern;   /* NULL: a file name alone, all its sections */
    const struct section_pattern *excluding; /* whose EXCLUDE_FILE counts */
    uint32_t output;
    bool is_gone; /* its output section is conditional and does not stand */
};

struct rules {
    LIST(struct rule) all;    /* in the order in which they take sections */
    struct prefixes prefixes; /* of their section patterns */
    bool *has_condition;      /* by prefix: a conditional output section has some of its patterns */
    uint64_t effort;          /* comparisons so far; from MOST_EFFORT on nothing is found */
};

/* Makes link.outputs and the rules of the script. */
void rules_open(struct link *link, struct rules *rules);
/* The rule that takes a section, or NULL. */
const struct rule *rules_find(struct rules *rules, const struct object *object,
                              const struct section *section);
/* The next rule of the same statement that would take it too, or NULL. */
const struct rule *rules_next(struct rules *rules, const struct rule *rule,
                              const struct object *object, const struct section *section);
/* Tells of a script whose patterns cost too much. */
void rules_close(const struct link *link, const struct rules *rules);

#endif
