/* SPDX-License-Identifier: MIT
 *
 * Where lld begins a segment that is loaded, and the room of an ELF file's headers.
 *
 * Requires: outputs in lld's order. Provides: begins_load of each;
 * lld_headers_size: SIZEOF_HEADERS. Segments matter to addresses twice:
 *
 *     . = 0x100000 + SIZEOF_HEADERS;      one header of 32 or 56 bytes for each segment
 *     no script                           a segment begins on the next page, at the offset in it at
 *                                         which the one before ended, so that the file has no holes
 *
 * A segment holds sections of the same access, region and kind of load address (LLVM 19,
 * lld/ELF/Writer.cpp: createPhdrs). */
#include "layout/layout.h"

#include "ask.h"
#include "steps.h"

enum { READS, WRITES = 1, EXECUTES = 2 };

struct planner {
    struct link *link;
    uint32_t first, last;    /* of the segment; NONE: the headers */
    unsigned access, joined; /* of its first section; of all */
    bool is_open, in_relro;
    uint32_t relro, behind_relro; /* the first section of it, and the first behind it; or NONE */
};

static unsigned access_of(const struct link *link, const struct output *output)
{
    if (link->set->given.omagic)
        return WRITES | EXECUTES;
    return (output->flags & SECTION_WRITE ? WRITES : READS) |
           (output->flags & SECTION_EXEC ? EXECUTES : READS);
}

bool is_loaded_by_lld(const struct output *output)
{
    return !output->is_discard && output->flags & SECTION_ALLOC && !output_is_tbss(output);
}

static bool agrees(const struct planner *planner, unsigned access)
{
    unsigned differing = access ^ planner->access;
    if (planner->link->set->given.join_read_only && !(access & WRITES))
        differing &= ~(unsigned)EXECUTES;
    return !differing;
}

static bool goes_on(const struct planner *planner, uint32_t index)
{
    const struct link *link = planner->link;
    const struct output *output = &link->outputs.at[index];
    if (!planner->is_open || !agrees(planner, access_of(link, output)) ||
        index == planner->behind_relro)
        return false;
    if (planner->first == NONE)
        return output->region == NONE;
    const struct output *first = &link->outputs.at[planner->first];
    const struct output *last = &link->outputs.at[planner->last];
    bool has_place = output->statement && output->statement->load_address;
    if (output->region != first->region || output->load_region != first->load_region || has_place)
        return false;
    return !link->form.is_unscripted || output->flags & SECTION_NOBITS ||
           !(last->flags & SECTION_NOBITS);
}

static bool given_separate(const struct link *link)
{
    return link->set->given.separate_code == WELT_ON;
}

static void find_relro(struct planner *planner)
{
    const struct link *link = planner->link;
    planner->relro = planner->behind_relro = NONE;
    for (uint32_t i = 0; link->set->relro && i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!is_loaded_by_lld(output))
            continue;
        if (output->is_relro && planner->relro == NONE)
            planner->relro = i;
        if (!output->is_relro && planner->relro != NONE && planner->behind_relro == NONE)
            planner->behind_relro = i;
    }
}

static void plan(struct planner *planner)
{
    struct link *link = planner->link;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        output->begins_load = output->begins_apart = false;
        if (!is_loaded_by_lld(output))
            continue;
        if (!goes_on(planner, i)) {
            output->begins_load = true;
            output->begins_apart = link->set->given.separate_loads ||
                                   (given_separate(link) && planner->is_open &&
                                    (access_of(link, output) ^ planner->joined) & EXECUTES);
            planner->access = access_of(link, output);
            planner->joined = 0;
            planner->is_open = true;
            planner->first = i;
        } else if (planner->first == NONE) {
            planner->first = i;
        }
        planner->last = i;
        planner->joined |= access_of(link, output);
    }
}

/* Headers in memory are a segment's beginning, and there is one that describes them. */
uint64_t lld_headers_size(struct link *link)
{
    const welt_options *given = &link->set->given;
    bool is_paged = !given->omagic && !given->nmagic;
    struct planner planner = {.link = link, .first = NONE, .last = NONE};
    planner.is_open = is_paged;
    find_relro(&planner);
    plan(&planner);
    if (link->form.kind == FORM_FLAT)
        return 0;
    if (has_lld_segments(link) && !link->script->segments.count) {
        plan_segments(link);
        return link->headers_size;
    }
    return elf_header_size(link) + link->script->segments.count * program_header_size(link);
}
