/* SPDX-License-Identifier: MIT
 *
 * One output section in one pass of layout, by lld's rules (its documentation "Linker Script
 * implementation notes and policy", and LLVM 19 by experiment). They differ from GNU ld's:
 *
 *     dot           goes through the whole script: nothing begins before what stands above it
 *     address       in a region its next free one, then what the script says; aligned only when the
 *                   script says none
 *     load address  AT(), or AT>region; else the run address, moved as far as that of the section
 *                   before when both are in the same region and neither has a region to load to;
 *                   in a flat image always the run address: load addresses are its segments',
 *                   which it has not, and what AT>region names must hold the run address */
#include "layout/layout.h"

#include "ask.h"

#include <string.h>

static void advance(struct link *link, uint32_t region, uint64_t size)
{
    if (region == NONE)
        return;
    struct region *its = &link->regions.at[region];
    its->current += size;
    if (its->current > its->end)
        its->end = its->current;
}

static uint64_t choose_load_address(struct pass *pass, const struct output *output, bool is_same)
{
    struct link *link = pass->link;
    const struct statement *s = output->statement;
    bool known;
    if (link->form.kind == FORM_FLAT)
        return pass->dot;
    if (s && s->load_address) {
        pass->load_offset = evaluate_number(pass, s->load_address, pass->dot, &known) - pass->dot;
    } else if (output->load_region != NONE) {
        uint64_t current = link->regions.at[output->load_region].current;
        uint64_t start = align_up(current, pass->align);
        advance(link, output->load_region, start - current);
        pass->load_offset = start - pass->dot;
    } else if (!is_same) {
        pass->load_offset = 0;
    }
    return pass->dot + pass->load_offset;
}

/* Without a script segments are laid one behind the other in the file, each on a page of its own.
 */
static void begin_segment(struct pass *pass, const struct output *output)
{
    const struct settings *set = pass->link->set;
    bool is_paged = !set->given.omagic && !set->given.nmagic;
    uint64_t page = is_paged ? set->max_page_size : 1;
    if (!pass->link->form.is_unscripted || pass->link->form.kind == FORM_FLAT ||
        !(output->flags & SECTION_ALLOC))
        return;
    if (output->begins_load)
        pass->dot = align_up(pass->dot, page) + (output->begins_apart ? 0 : pass->dot % page);
}

/* The padding counts in the region that it is loaded to, too, before that is aligned itself. */
static void align_start(struct pass *pass, const struct output *output)
{
    uint64_t start = align_up(pass->dot, pass->align);
    advance(pass->link, output->load_region, start - pass->dot);
    pass->dot = start;
}

/* Moves dot to where the section begins. */
static void move_to_start(struct pass *pass, const struct output *output)
{
    struct link *link = pass->link;
    const struct statement *s = output->statement;
    const welt_section_start *given = given_start(link, output->name);
    bool known;
    begin_segment(pass, output);
    if (output->region != NONE)
        pass->dot = link->regions.at[output->region].current;
    if (given)
        pass->dot = given->address;
    else if (s && s->address)
        pass->dot = evaluate_number(pass, s->address, pass->dot, &known);
    else
        align_start(pass, output);
    if (output->region != NONE && link->regions.at[output->region].current < pass->dot)
        advance(link, output->region, pass->dot - link->regions.at[output->region].current);
}

uint64_t lld_base(const struct link *link)
{
    const welt_section_start *given = given_start(link, "text-segment");
    if (given)
        return given->address;
    return link->form.is_64 ? 0x200000 : 0x400000;
}

/* Without a script: behind the headers, or the lowest address that -Ttext and its like give. */
uint64_t lld_origin(const struct link *link)
{
    const welt_options *given = &link->set->given;
    uint64_t lowest = lld_base(link) + link->headers_size;
    for (size_t i = 0; link->form.is_unscripted && i < given->section_start_count; i++)
        if (strcmp(given->section_starts[i].section, "text-segment") != 0 &&
            given->section_starts[i].address < lowest)
            lowest = given->section_starts[i].address;
    return link->form.is_unscripted ? lowest : 0;
}

void begin_as_lld(struct pass *pass, struct output *output, uint64_t align)
{
    bool is_same = pass->region == output->region && pass->load_region == NONE;
    pass->align = align;
    move_to_start(pass, output);
    pass->start = output->address = pass->dot;
    output->load_address = choose_load_address(pass, output, is_same);
    pass->region = output->region;
    pass->load_region = output->load_region;
}

static void reach(struct link *link, uint32_t region, uint64_t end)
{
    if (region != NONE && end > link->regions.at[region].end)
        link->regions.at[region].end = end;
}

void end_as_lld(struct pass *pass, struct output *output, uint64_t dot_before)
{
    struct link *link = pass->link;
    bool is_loaded = !(output->flags & SECTION_NOBITS);
    if (output_is_tbss(output)) {
        pass->dot = dot_before;
        return;
    }
    advance(link, output->region, output->size);
    if (output->load_region != output->region)
        advance(link, output->load_region, output->size);
    bool is_flat = link->form.kind == FORM_FLAT;
    if (is_flat)
        reach(link, output->load_region, output->address + output->size);
    uint32_t home = is_flat || output->load_region == NONE ? output->region : output->load_region;
    if (is_loaded && home != NONE && output->size)
        link->regions.at[home].in_image = true;
}
