/* SPDX-License-Identifier: MIT
 *
 * Output sections and regions by their names: expressions ask for them in every pass, and scripts
 * that programs write have tens of thousands of each.
 *
 * Requires: link.outputs as they stay, the script's regions and aliases. Provides: what the
 * functions below find. */
#include "layout/layout.h"

#include <string.h>

void open_names(struct link *link)
{
    link->laid_by_name.numbers.count = link->region_by_name.numbers.count = 0;
    names_open(&link->laid_by_name.names, &link->arena);
    names_open(&link->region_by_name.names, &link->arena);
}

/* Of two of one name the first is meant, unless `replaces`. */
static void put(struct link *link, struct by_name *by_name, const char *name, uint32_t number,
                bool replaces)
{
    bool is_new;
    uint32_t at = names_add(&by_name->names, name, strlen(name), &is_new);
    if (is_new)
        *list_add(&link->arena, &by_name->numbers) = number;
    else if (replaces)
        by_name->numbers.at[at] = number;
}

static uint32_t find(const struct by_name *by_name, const char *name)
{
    uint32_t at = names_find(&by_name->names, name, strlen(name));
    return at == NO_NAME ? NONE : by_name->numbers.at[at];
}

/* Most scripts ask for none: the table is made when the first one is asked for. */
uint32_t output_by_name(struct link *link, const char *name)
{
    if (!link->laid_by_name.numbers.count)
        for (uint32_t i = 0; i < link->outputs.count; i++)
            if (!link->outputs.at[i].is_discard)
                put(link, &link->laid_by_name, link->outputs.at[i].name, i, false);
    return find(&link->laid_by_name, name);
}

/* An alias may stand for one that is declared behind it, and hides a region of its name. */
void name_regions(struct link *link)
{
    const struct script *script = link->script;
    for (uint32_t i = 0; i < link->regions.count; i++)
        put(link, &link->region_by_name, link->regions.at[i].name, i, false);
    for (size_t i = script->aliases.count; i-- > 0;)
        put(link, &link->region_by_name, script->aliases.at[i].alias,
            find(&link->region_by_name, script->aliases.at[i].region), true);
}

uint32_t region_by_name(const struct link *link, const char *name)
{
    return find(&link->region_by_name, name);
}

void name_region(struct link *link, uint32_t index)
{
    put(link, &link->region_by_name, link->regions.at[index].name, index, true);
}
