/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_RULES_H
#define WELT_RESOLVE_RULES_H

#include "link.h"

/* One pattern of one input statement. */
struct rule {
    const struct statement *statement;
    const struct section_pattern *pattern;   /* NULL: a file name alone, all its sections */
    const struct section_pattern *excluding; /* whose EXCLUDE_FILE counts */
    uint32_t output;
    bool is_gone; /* its output section is conditional and does not stand */
};

struct rule_list {
    uint32_t *at;
    size_t count, room;
    bool has_condition; /* some of them are of conditional output sections */
};

struct rules {
    LIST(struct rule) all;           /* in the script's order */
    struct rule_list by_letter[256]; /* those that a name's second letter leaves: `.text` */
};

/* Makes link.outputs and the rules of the script. */
void rules_open(struct link *link, struct rules *rules);
/* The rule that takes a section, or NULL. */
const struct rule *rules_find(const struct rules *rules, const struct object *object,
                              const struct section *section);

#endif
