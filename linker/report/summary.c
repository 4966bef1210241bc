/* SPDX-License-Identifier: MIT
 *
 * The margin, in one line:
 *
 *     boot.bin: 497 of 510 bytes, 13 free
 *     boot.bin: 2560 bytes; boot: 201 of 510 bytes, 309 free; program: 1893 of 33280 bytes, 31387
 * free boot.bin: 1234 bytes
 */
#include "report/report.h"

static void add_margin(struct text *text, const struct region *region)
{
    uint64_t used = region->end - region->origin;
    text_add(text, "%llu of %llu bytes, ", (unsigned long long)used,
             (unsigned long long)region->length);
    if (used <= region->length)
        text_add(text, "%llu free", (unsigned long long)(region->length - used));
    else
        text_add(text, "%llu over", (unsigned long long)(used - region->length));
}

welt_bytes report_summary(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    size_t budgets = 0;
    const struct region *last = NULL;
    for (size_t i = 0; i < link->regions.count; i++) {
        if (!link->regions.at[i].in_image)
            continue;
        budgets++;
        last = &link->regions.at[i];
    }
    text_add(&text, "%s: ", link->set->given.output_name);
    if (budgets == 1) {
        add_margin(&text, last);
    } else {
        text_add(&text, "%llu bytes", (unsigned long long)(link->image_end - link->image_start));
        for (size_t i = 0; i < link->regions.count; i++) {
            if (!link->regions.at[i].in_image)
                continue;
            text_add(&text, "; %s: ", link->regions.at[i].name);
            add_margin(&text, &link->regions.at[i]);
        }
    }
    text_add(&text, "\n");
    return text_close(&text);
}
