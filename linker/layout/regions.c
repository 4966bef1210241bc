/* SPDX-License-Identifier: MIT
 *
 * Memory regions: MEMORY of the script (manual of GNU ld 2.40, 3.7), each a budget. */
#include "layout/layout.h"

#include <string.h>

/* A pass begins: origins and lengths may be expressions, so they are asked for again. */
void open_regions(struct pass *pass)
{
    struct link *link = pass->link;
    for (size_t i = 0; i < link->regions.count; i++) {
        struct region *region = &link->regions.at[i];
        bool known;
        if (i < link->script->regions.count) {
            const struct memory_region *declared = &link->script->regions.at[i];
            region->origin = evaluate_number(pass, declared->origin, 0, &known);
            region->length = evaluate_number(pass, declared->length, 0, &known);
        }
        region->current = region->origin;
        region->end = region->origin;
        region->in_image = false;
    }
}

static uint32_t named_region(struct link *link, const struct statement *s, const char *name)
{
    if (!name || strcmp(name, "*default*") == 0)
        return NONE;
    uint32_t index = region_by_name(link, name);
    bool is_ld = link->set->face == WELT_FACE_LD, is_new = index == NONE;
    if (is_new && is_ld) { /* GNU ld makes one of the whole address space */
        index = (uint32_t)link->regions.count;
        *list_add(&link->arena, &link->regions) =
            (struct region){.name = name, .length = UINT64_MAX, .place = s->place};
        name_region(link, index);
    }
    if (is_new)
        diagnose(link->host, is_ld ? WELT_WARNING : WELT_ERROR, "script", place_in_script(s->place),
                 "declare it in MEMORY { … }", "memory region `%s' is not declared", name);
    return index;
}

/* BFD's flags of a section, in the letters of MEMORY: `w` is data, which constants are too. */
static uint32_t region_flags(uint32_t flags)
{
    uint32_t wanted = 0;
    if (flags & SECTION_ALLOC)
        wanted |= REGION_ALLOC;
    if (flags & SECTION_EXEC)
        wanted |= REGION_EXEC;
    if (!(flags & SECTION_WRITE))
        wanted |= REGION_READ_ONLY;
    if (!(flags & SECTION_NOBITS))
        wanted |= REGION_LOADED;
    bool is_data =
        !(flags & SECTION_EXEC) && (!(flags & SECTION_NOBITS) || (flags & SECTION_WRITE));
    return is_data ? wanted | REGION_WRITE : wanted;
}

/* Without `>region`, the first region whose attributes fit takes a section. */
static uint32_t find_fitting(const struct link *link, uint32_t flags)
{
    for (uint32_t i = 0; i < link->regions.count; i++) {
        const struct region *region = &link->regions.at[i];
        if ((region->with_attributes & flags) && !(region->without_attributes & flags))
            return i;
    }
    return NONE;
}

/* Of five attributes there are 32 sets: for each the regions are gone through once, however many
 * sections there are. */
struct fitting {
    unsigned count;
    uint32_t flags[32], regions[32];
};

static uint32_t fitting_region(const struct link *link, struct fitting *known, uint32_t flags)
{
    for (unsigned i = 0; i < known->count; i++)
        if (known->flags[i] == flags)
            return known->regions[i];
    known->flags[known->count] = flags;
    known->regions[known->count] = find_fitting(link, flags);
    return known->regions[known->count++];
}

/* What says nothing of where it goes is loaded by the region of the section before it, too (GNU ld
 * does so where both are in one region). */
static void inherit_load_region(const struct link *link, uint32_t index)
{
    struct output *output = &link->outputs.at[index];
    const struct statement *s = output->statement;
    if (link->form.as_lld)
        return; /* place_lld.c follows addresses instead */
    if (index && s && !s->load_region && !s->load_address && !s->address &&
        output->region == link->outputs.at[index - 1].region)
        output->load_region = link->outputs.at[index - 1].load_region;
}

/* Requires: outputs. Provides: link.regions, and each output's region: its own, or for an orphan
 * that of the section it follows, or none where the command line gives it an address. */
void choose_regions(struct link *link)
{
    for (size_t i = 0; i < link->script->regions.count; i++) {
        const struct memory_region *declared = &link->script->regions.at[i];
        *list_add(&link->arena, &link->regions) =
            (struct region){.name = declared->name,
                            .with_attributes = declared->with_attributes,
                            .without_attributes = declared->without_attributes,
                            .place = declared->place};
    }
    name_regions(link);
    struct fitting known = {.count = 0};
    bool is_named = false; /* the region of the last that orphans follow: not by its attributes */
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        const struct statement *s = output->statement;
        if (output->is_discard)
            continue;
        bool has_address = s ? s->address != NULL : is_started_orphan(link, output);
        if (s) {
            output->region = named_region(link, s, s->region);
            output->load_region = named_region(link, s, s->load_region);
            inherit_load_region(link, i);
            is_named = output->region != NONE;
        } else if (i && !has_address && is_named) {
            output->region = link->outputs.at[i - 1].region;
            output->load_region = link->form.as_lld ? NONE : link->outputs.at[i - 1].load_region;
        }
        if (output->region == NONE && !has_address)
            output->region = fitting_region(link, &known, region_flags(output->flags));
    }
}
