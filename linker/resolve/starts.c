/* SPDX-License-Identifier: MIT
 *
 * What the command line says of addresses by name: --section-start, -Ttext and its like. Of two of
 * one name the last counts; the layout asks for every output section, several times in each pass.
 *
 * Requires: settings. Provides: link.starts. */
#include "ask.h"
#include "steps.h"

#include <string.h>

/* Returns the one before of the same name, or NONE. */
static uint32_t put(struct link *link, struct by_name *by_name, const char *name, uint32_t index)
{
    bool is_new;
    uint32_t at = names_add(&by_name->names, name, strlen(name), &is_new);
    if (is_new)
        *list_add(&link->arena, &by_name->numbers) = NONE;
    uint32_t before = by_name->numbers.at[at];
    by_name->numbers.at[at] = index;
    return before;
}

static uint32_t find(const struct by_name *by_name, const char *name)
{
    uint32_t at = names_find(&by_name->names, name, strlen(name));
    return at == NO_NAME ? NONE : by_name->numbers.at[at];
}

void name_starts(struct link *link)
{
    const welt_options *given = &link->set->given;
    struct starts *starts = &link->starts;
    names_open(&starts->by_section.names, &link->arena);
    names_open(&starts->by_segment.names, &link->arena);
    starts->before = NEW_ARRAY(&link->arena, uint32_t, given->section_start_count + 1);
    for (uint32_t i = 0; i < given->section_start_count; i++) {
        const char *name = given->section_starts[i].section;
        starts->before[i] = put(link, &starts->by_section, name, i);
        put(link, &starts->by_segment, name + (name[0] == '.'), i);
    }
}

uint32_t last_start(const struct link *link, const char *section)
{
    return find(&link->starts.by_section, section);
}

uint32_t last_segment_start(const struct link *link, const char *segment)
{
    return find(&link->starts.by_segment, segment);
}
