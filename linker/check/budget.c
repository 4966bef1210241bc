/* SPDX-License-Identifier: MIT
 *
 * Budgets: every memory region is one.
 *
 * Requires: the address map. Provides: an error for each region that is used beyond its length,
 * with the excess and where the bytes went: the largest symbols, the largest objects, what
 * alignment costs. */
#include "check/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_SHOWN = 3 };

static int compare_parts(const void *left, const void *right)
{
    const struct part *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static bool is_in(const struct link *link, const struct span *span, uint32_t region)
{
    const struct output *output = span->output == NONE ? NULL : &link->outputs.at[span->output];
    bool is_loaded = output && !(output->flags & SECTION_NOBITS);
    return output && (output->region == region || (is_loaded && output->load_region == region));
}

static struct part_list symbols_of(struct link *link, uint32_t region)
{
    struct part_list parts = find_parts(link, is_in, region);
    for (size_t i = 0; i < parts.count; i++) {
        struct part *part = &parts.at[i];
        part->name = arena_format(&link->arena, "%s %llu (%s)", part->name,
                                  (unsigned long long)part->size, link->titles[part->input]);
    }
    return parts;
}

static struct part_list objects_of(struct link *link, uint32_t region)
{
    uint64_t *sizes = NEW_ARRAY(&link->arena, uint64_t, link->inputs.count);
    struct part_list parts = {0};
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->atom != NONE && is_in(link, span, region))
            sizes[link->atoms[span->atom].input] += span->size;
    }
    for (uint32_t i = 0; i < link->inputs.count; i++) {
        if (sizes[i])
            *list_add(&link->arena, &parts) =
                (struct part){arena_format(&link->arena, "%s %llu", link->titles[i],
                                           (unsigned long long)sizes[i]),
                              sizes[i], i, i};
    }
    return parts;
}

static const char *largest(struct link *link, struct part_list parts)
{
    const char *text = "";
    if (parts.count)
        qsort(parts.at, parts.count, sizeof *parts.at, compare_parts);
    for (size_t i = 0; i < parts.count && i < LARGEST_SHOWN; i++)
        text = arena_format(&link->arena, "%s%s%s", text, i ? ", " : "", parts.at[i].name);
    return text;
}

static uint64_t padding_of(const struct link *link, uint32_t region)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < link->spans.count; i++)
        if (link->spans.at[i].kind == WELT_SPAN_PADDING && is_in(link, &link->spans.at[i], region))
            sum += link->spans.at[i].size;
    return sum;
}

static void complain(struct link *link, uint32_t index)
{
    struct region *region = &link->regions.at[index];
    uint64_t used = region->end - region->origin;
    const char *hint = arena_format(
        &link->arena, "largest symbols: %s; largest objects: %s; lost to alignment: %llu bytes",
        largest(link, symbols_of(link, index)), largest(link, objects_of(link, index)),
        (unsigned long long)padding_of(link, index));
    region->over = true;
    diagnose(link->host, WELT_ERROR, "budget", (struct place){.file = link->set->given.output_name},
             hint, "region `%s' needs %llu bytes, budget is %llu: %llu over", region->name,
             (unsigned long long)used, (unsigned long long)region->length,
             (unsigned long long)(used - region->length));
}

void check_budgets(struct link *link)
{
    for (uint32_t i = 0; i < link->regions.count; i++) {
        const struct region *region = &link->regions.at[i];
        if (region->end - region->origin > region->length)
            complain(link, i);
    }
}
