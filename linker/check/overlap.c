/* SPDX-License-Identifier: MIT
 *
 * Two output sections at one place of the file.
 *
 * Requires: layout, budgets checked. Provides: an error for each pair whose load addresses overlap.
 * A region that is over its budget was reported already and overlaps what stands behind it: nothing
 * is said twice. */
#include "link.h"

#include <stdlib.h>

struct extent {
    uint64_t start, end;
    uint32_t output;
};

static int compare_extents(const void *left, const void *right)
{
    const struct extent *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->output > b->output) - (a->output < b->output);
}

static bool any_over(const struct link *link)
{
    for (size_t i = 0; i < link->regions.count; i++)
        if (link->regions.at[i].over)
            return true;
    return false;
}

static void complain(struct link *link, const struct extent *before, const struct extent *after)
{
    const struct output *a = &link->outputs.at[before->output];
    const struct output *b = &link->outputs.at[after->output];
    const struct statement *s = b->statement;
    struct place place = {0};
    if (s)
        place =
            (struct place){.file = s->place.file, .line = s->place.line, .column = s->place.column};
    diagnose(link->host, WELT_ERROR, "overlap", place,
             "move one of them, or give it a load address of its own with AT()",
             "section `%s' (loaded at 0x%llx to 0x%llx) overlaps section `%s' (0x%llx to 0x%llx)",
             b->name, (unsigned long long)after->start, (unsigned long long)after->end, a->name,
             (unsigned long long)before->start, (unsigned long long)before->end);
}

void check_overlaps(struct link *link)
{
    size_t count = 0;
    struct extent *extents = NEW_ARRAY(&link->arena, struct extent, link->outputs.count + 1);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool counts = output->size && !output->is_discard && !(output->flags & SECTION_NOBITS);
        if (counts)
            extents[count++] =
                (struct extent){output->load_address, output->load_address + output->size, i};
    }
    if (any_over(link))
        return;
    qsort(extents, count, sizeof *extents, compare_extents);
    for (size_t i = 1; i < count; i++)
        if (extents[i].start < extents[i - 1].end)
            complain(link, &extents[i - 1], &extents[i]);
}
