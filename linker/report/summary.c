/* SPDX-License-Identifier: MIT
 *
 * The margin, in one line: of the image's --budget, or of the regions of MEMORY, or of the file.
 *
 *     boot.bin: 497 of 510 bytes, 13 free
 *     disk.bin: 2560 bytes; boot: 201 of 510 bytes, 309 free; program: 193 of 600 bytes, 407 free
 *     raw.bin: 1234 bytes
 *     own.bin: 512 of 512 bytes, 0 free; 485 of them are zeroes before its own 55 AA */
#include "report/forms.h"

#include "ask.h"

/* The one that the user gave is looked at first. */
static const struct report_budget *image_budget(const struct link *link)
{
    for (size_t i = 0; link->report && i < link->report->budgets.count; i++)
        if (link->report->budgets.at[i].kind == BUDGET_IMAGE)
            return &link->report->budgets.at[i];
    return NULL;
}

static uint64_t free_of_file(const struct link *link)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < link->spans.count; i++)
        if (link->spans.at[i].kind == WELT_SPAN_FREE)
            sum += link->spans.at[i].size;
    return sum;
}

static void add_file(struct text *text, const struct link *link)
{
    uint64_t size = link->image_end - link->image_start, room = free_of_file(link);
    if (room)
        add_margin(text, size - room, size);
    else
        text_add(text, "%llu byte%s", (unsigned long long)size, size == 1 ? "" : "s");
}

static void add_regions(struct text *text, const struct link *link)
{
    text_add(text, "%llu bytes", (unsigned long long)(link->image_end - link->image_start));
    for (size_t i = 0; i < link->regions.count; i++) {
        const struct region *region = &link->regions.at[i];
        if (!region->in_image)
            continue;
        text_add(text, "; " NAME ": ", region->name);
        add_margin(text, region_used(region), region->length);
    }
}

/* A sector that was written whole fills itself up: what it has room for is that. */
static void add_own_fill(struct text *text, const struct link *link)
{
    enum { SIGNATURE_AT = 510 };
    if (!link->signed_sector)
        return;
    const unsigned char *bytes = atom_section(link, link->entry_atom)->bytes;
    unsigned start = SIGNATURE_AT;
    while (start && !bytes[start - 1])
        start--;
    if (start < SIGNATURE_AT)
        text_add(text, "; %u of them %s before its own 55 AA", SIGNATURE_AT - start,
                 start == SIGNATURE_AT - 1 ? "is zero" : "are zeroes");
}

static void add_region(struct text *text, const struct link *link, const struct region *region)
{
    add_margin(text, region_used(region), region->length);
    add_own_fill(text, link);
}

welt_bytes report_summary(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    const struct report_budget *budget = image_budget(link);
    const struct region *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < link->regions.count; i++)
        if (link->regions.at[i].in_image && count++ == 0)
            only = &link->regions.at[i];
    text_add(&text, "%s: ", image_name(link));
    if (budget)
        add_margin(&text, budget->used, budget->limit);
    else if (count == 1)
        add_region(&text, link, only);
    else if (count)
        add_regions(&text, link);
    else
        add_file(&text, link);
    text_end_line(&text);
    return text_close(&text);
}
