/* SPDX-License-Identifier: MIT
 *
 * The order of an ELF file's section headers, and of what is not loaded in the file.
 *
 * Requires: has_header of the outputs. Provides: link.header_order. GNU ld knows the sections that
 * -Ttext and its like name before it has read the script: they stand, with the orphans that were
 * placed behind them, before all others but orphans that go to the front. */
#include "steps.h"

#include <string.h>

struct orderer {
    struct link *link;
    bool *is_in; /* of outputs */
};

static void add(struct orderer *orderer, uint32_t index)
{
    struct link *link = orderer->link;
    if (orderer->is_in[index] || !link->outputs.at[index].has_header)
        return;
    orderer->is_in[index] = true;
    *list_add(&link->arena, &link->header_order) = index;
}

static uint32_t count_leading_orphans(const struct link *link)
{
    uint32_t i = 0;
    const struct output *outputs = link->outputs.at;
    while (i < link->outputs.count && (!outputs[i].has_header || !outputs[i].statement))
        i++;
    return i;
}

static void add_with_orphans(struct orderer *orderer, uint32_t index)
{
    const struct link *link = orderer->link;
    const struct output *outputs = link->outputs.at;
    add(orderer, index);
    for (uint32_t i = index + 1; i < link->outputs.count && !outputs[i].statement; i++)
        if (outputs[i].flags & SECTION_ALLOC)
            add(orderer, i);
}

static void add_started(struct orderer *orderer)
{
    const struct link *link = orderer->link;
    const welt_options *given = &link->set->given;
    for (size_t s = 0; s < given->section_start_count; s++)
        for (uint32_t i = 0; i < link->outputs.count; i++)
            if (strcmp(link->outputs.at[i].name, given->section_starts[s].section) == 0)
                add_with_orphans(orderer, i);
}

void order_headers(struct link *link)
{
    struct orderer orderer = {link, NEW_ARRAY(&link->arena, bool, link->outputs.count + 1)};
    uint32_t leading = count_leading_orphans(link);
    link->header_order.count = 0;
    for (uint32_t i = 0; i < leading; i++)
        add(&orderer, i);
    if (!link->form.as_lld)
        add_started(&orderer);
    for (uint32_t i = leading; i < link->outputs.count; i++)
        add(&orderer, i);
}
