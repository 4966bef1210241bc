/* SPDX-License-Identifier: MIT
 *
 * What the command line says of addresses by name: --section-start, -Ttext and its like. Of two of
 * one name the last counts; the layout asks for every output section, several times in each pass.
 * SEGMENT_START asks for segments, whose names are few: it takes nothing of --section-start=.sig.
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

/* The segment of that name, or NULL: as SEGMENT_START has it, without a dot. */
static const char *segment_of(const char *name)
{
    static const char *const segments[] = {"text",         "data",           "bss",
                                           "text-segment", "rodata-segment", "ldata-segment"};
    name += name[0] == '.';
    for (size_t i = 0; i < sizeof segments / sizeof *segments; i++)
        if (strcmp(name, segments[i]) == 0)
            return name;
    return NULL;
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
        const char *segment = segment_of(name);
        if (segment)
            put(link, &starts->by_segment, segment, i);
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
