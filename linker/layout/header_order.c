/* SPDX-License-Identifier: MIT
 *
 * The order of an ELF file's section headers, and of what is not loaded in the file.
 *
 * Requires: has_header of the outputs. Provides: link.header_order. GNU ld knows the sections that
 * -Ttext and its like name in front of -T before it has read the script: they stand, with the
 * orphans that were placed behind them, before all others but orphans that go to the front. */
#include "steps.h"

#include <string.h>

struct orderer {
    struct link *link;
    bool *is_in;      /* of outputs */
    bool *was_behind; /* one that an option starts: all orphans from there on are in */
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
    for (uint32_t i = index + 1;
         i < link->outputs.count && !outputs[i].statement && !orderer->was_behind[i]; i++) {
        orderer->was_behind[i] = true;
        if (outputs[i].flags & SECTION_ALLOC)
            add(orderer, i);
    }
}

/* How many names the command line gives before the script, each counted once. */
static uint32_t count_early_names(const struct link *link)
{
    const welt_options *given = &link->set->given;
    size_t all = given->section_start_count, late = given->late_section_start_count;
    uint32_t count = 0;
    for (size_t i = 0; late < all && i < all - late; i++) {
        const char *name = given->section_starts[i].section;
        uint32_t number = names_find(&link->starts.by_section.names, name, strlen(name));
        count = number >= count ? number + 1 : count;
    }
    return count;
}

/* In the order in which the command line names them first. */
static void add_started(struct orderer *orderer)
{
    struct link *link = orderer->link;
    const struct names *names = &link->starts.by_section.names;
    struct atom_list *named = NEW_ARRAY(&link->arena, struct atom_list, names->all.count + 1);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const char *name = link->outputs.at[i].name;
        uint32_t number = names_find(names, name, strlen(name));
        if (number != NO_NAME)
            *list_add(&link->arena, &named[number]) = i;
    }
    uint32_t count = count_early_names(link);
    for (uint32_t number = 0; number < count; number++)
        for (size_t i = 0; i < named[number].count; i++)
            add_with_orphans(orderer, named[number].at[i]);
}

void order_headers(struct link *link)
{
    size_t count = link->outputs.count + 1;
    struct orderer orderer = {link, NEW_ARRAY(&link->arena, bool, count),
                              NEW_ARRAY(&link->arena, bool, count)};
    uint32_t leading = count_leading_orphans(link);
    link->header_order.count = 0;
    for (uint32_t i = 0; i < leading; i++)
        add(&orderer, i);
    if (!link->form.as_lld)
        add_started(&orderer);
    for (uint32_t i = leading; i < link->outputs.count; i++)
        add(&orderer, i);
}
