/* SPDX-License-Identifier: MIT
 *
 * Two output sections at one place of the file, or of memory.
 *
 * Requires: layout, budgets checked. Provides: an error for each pair whose load or run addresses
 * overlap.
 * A region that is over its budget was reported already and overlaps what stands behind it: nothing
 * is said twice. */
#include "ask.h"
#include "steps.h"

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

static void complain(struct link *link, const struct extent *before, const struct extent *after,
                     bool by_load)
{
    const struct output *a = &link->outputs.at[before->output];
    const struct output *b = &link->outputs.at[after->output];
    const struct statement *s = b->statement;
    struct place place = {0};
    if (s)
        place = place_in_script(s->place);
    diagnose(link->host, WELT_ERROR, "overlap", place,
             by_load ? "move one of them, or give it a load address of its own with AT()"
                     : "move one of them; --no-check-sections, if they are not there at one time",
             "section `%s' (%s 0x%llx to 0x%llx) overlaps section `%s' (0x%llx to 0x%llx)", b->name,
             by_load ? "loaded at" : "at", (unsigned long long)after->start,
             (unsigned long long)after->end, a->name, (unsigned long long)before->start,
             (unsigned long long)before->end);
}

static struct extent extent_of(const struct link *link, uint32_t index, bool by_load)
{
    const struct output *output = &link->outputs.at[index];
    uint64_t start = by_load ? output->load_address : output->address;
    return (struct extent){start, start + output->size, index};
}

/* Those that take memory, in the order of their addresses. */
static size_t find_extents(struct link *link, struct extent *extents, bool by_load)
{
    size_t count = 0;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool counts = output->size && !output->is_discard && (output->flags & SECTION_ALLOC) &&
                      !output->takes_no_room && !output_is_tbss(output);
        if (counts && !(by_load && (output->flags & SECTION_NOBITS)))
            extents[count++] = extent_of(link, i, by_load);
    }
    qsort(extents, count, sizeof *extents, compare_extents);
    return count;
}

/* As GNU ld has it, two sections that begin at one address are meant to: overlays. Then no run
 * addresses are compared. */
static bool are_overlays(const struct extent *extents, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (extents[i].start == extents[i - 1].start)
            return true;
    return false;
}

static void complain_of_all(struct link *link, const struct extent *extents, size_t count,
                            bool by_load, bool *told)
{
    for (size_t i = 1; i < count; i++) {
        if (extents[i].start >= extents[i - 1].end || told[extents[i].output])
            continue;
        complain(link, &extents[i - 1], &extents[i], by_load);
        told[extents[i].output] = true;
    }
}

void check_overlaps(struct link *link)
{
    struct extent *extents = NEW_ARRAY(&link->arena, struct extent, link->outputs.count + 1);
    bool *told = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    bool is_object = link->form.kind == FORM_RELOCATABLE;
    if (is_object || any_over(link) || link->set->given.no_check_sections)
        return;
    size_t count = find_extents(link, extents, true);
    complain_of_all(link, extents, count, true, told);
    count = find_extents(link, extents, false);
    if (!are_overlays(extents, count))
        complain_of_all(link, extents, count, false, told);
}
