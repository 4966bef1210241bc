/* SPDX-License-Identifier: MIT
 *
 * One output section in one pass of layout: its address (place_ld.c, place_lld.c), its body
 * (place_body.c), its load address, and whether it stays within its limits.
 *
 *     . = start                     the region's next free address, or what the script says
 *     atom, padding, atom, …        input statements, in the order in which they took sections
 *     . = end                       orphans of the same name behind the body */
#include "layout/layout.h"

#include "ask.h"

#include <string.h>

struct place place_of_output(const struct output *output)
{
    const struct statement *s = output->statement;
    if (!s)
        return (struct place){.section = output->name};
    return place_in_script(s->place);
}

/* ---- what statement and command line say ---- */

const welt_section_start *given_start(const struct link *link, const char *name)
{
    uint32_t i = last_start(link, name);
    while (i != NONE && link->start_asked[i])
        i = link->starts.before[i];
    return i == NONE ? NULL : &link->set->given.section_starts[i];
}

bool has_own_address(const struct link *link, const struct output *output)
{
    return (output->statement && output->statement->address) || given_start(link, output->name);
}

bool is_started_orphan(const struct link *link, const struct output *output)
{
    return !link->form.as_lld && !output->statement && given_start(link, output->name);
}

uint64_t statement_align(struct pass *pass, const struct expr *expr)
{
    bool known;
    uint64_t align = evaluate_number(pass, expr, 1, &known);
    if (!align)
        align = 1;
    bool is_power = !(align & (align - 1));
    if (!is_power && pass->is_final && known)
        diagnose(pass->link->host, WELT_ERROR, "script", place_in_script(expr->place), NULL,
                 "alignment %llu is not a power of two", (unsigned long long)align);
    return is_power ? align : 1;
}

static uint32_t header_align(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t asked = s && s->align ? statement_align(pass, s->align) : 1;
    uint64_t inside = s && s->subalign && output->is_used ? statement_align(pass, s->subalign) : 1;
    if (inside > asked)
        asked = inside;
    return asked > output->align && asked <= UINT32_MAX ? (uint32_t)asked : output->align;
}

static uint64_t lld_align(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t align = s && s->subalign ? statement_align(pass, s->subalign) : output->align;
    uint64_t asked = s && s->align ? statement_align(pass, s->align) : 1;
    return asked > align ? asked : align;
}

/* ---- limits ---- */

/* An address space has an end, and a section that reached over it would lie before its own start.
 */
static void check_end(struct pass *pass, struct output *output)
{
    bool fits = output->size <= UINT64_MAX - output->address &&
                output->size <= UINT64_MAX - output->load_address;
    if (fits)
        return;
    if (pass->is_final)
        diagnose(pass->link->host, WELT_ERROR, "image-size", place_of_output(output), NULL,
                 "output section `%s' of 0x%llx bytes at 0x%llx reaches over the last address",
                 output->name, (unsigned long long)output->size,
                 (unsigned long long)output->address);
    output->size = 0;
    output->load_address = output->address;
    pass->dot = pass->start;
}

/* A region is a budget for what lies in it; and where there are regions, what lies in none is in
 * nobody's budget (GNU ld calls both errors too). */
static void check_region(const struct pass *pass, const struct output *output)
{
    const struct link *link = pass->link;
    if (!pass->is_final || !output->size || output->takes_no_room)
        return;
    if (output->region != NONE && output->address < link->regions.at[output->region].origin)
        diagnose(
            link->host, WELT_ERROR, "region", place_of_output(output), NULL,
            "output section `%s' at 0x%llx lies before its region `%s', which begins at 0x%llx",
            output->name, (unsigned long long)output->address,
            link->regions.at[output->region].name,
            (unsigned long long)link->regions.at[output->region].origin);
    bool has_address = has_own_address(link, output);
    if (link->regions.count && output->region == NONE && !has_address)
        diagnose(link->host, WELT_ERROR, "region", place_of_output(output),
                 "put `> region' behind it, or give it an address",
                 "output section `%s' is in no region of MEMORY", output->name);
}

/* The sum of sizes is bounded before anything of that size is allocated. */
static void check_size(struct pass *pass, struct output *output)
{
    uint64_t limit = pass->link->set->given.max_image_size;
    bool has_bytes = !(output->flags & SECTION_NOBITS);
    uint64_t most = has_bytes ? limit : UINT32_MAX;
    if (output->size <= most)
        return;
    if (pass->is_final)
        diagnose(pass->link->host, WELT_ERROR, "image-size", place_of_output(output), NULL,
                 "output section `%s' has 0x%llx bytes: more than the 0x%llx that are allowed",
                 output->name, (unsigned long long)output->size, (unsigned long long)most);
    output->size = 0;
    pass->dot = pass->start;
}

/* ---- what is not loaded ---- */

/* Debug information has no addresses: each section begins at 0, and dot does not see it. Only
 * where a script of GNU ld's dialect lists it outside of all regions does it take addresses like
 * any other, as GNU ld has it; so it does in an object (-r). */
static bool is_apart(const struct link *link, const struct output *output)
{
    const struct statement *s = output->statement;
    if (link->form.kind == FORM_RELOCATABLE)
        return false;
    if (output->flags & SECTION_ALLOC)
        return false;
    if (is_unloaded_type(s))
        return link->form.as_lld;
    bool is_elsewhere = s && (s->address || s->region);
    return !s || (!is_elsewhere && (link->regions.count || link->set->face == WELT_FACE_BOOT));
}

static void place_apart(struct pass *pass, uint32_t index)
{
    struct output *output = &pass->link->outputs.at[index];
    uint64_t dot = pass->dot, old_size = output->size;
    output->region = output->load_region = NONE;
    output->address = output->load_address = pass->start = pass->dot = 0;
    output->header_align = header_align(pass, output);
    pass->section = (int)index;
    place_contents(pass, output);
    output->size = pass->dot - pass->start;
    check_size(pass, output);
    pass->section = VALUE_ABSOLUTE;
    pass->dot = dot;
    pass->changed |= !output->placed || old_size != output->size;
    output->placed = true;
}

static void begin(struct pass *pass, struct output *output)
{
    output->header_align = header_align(pass, output);
    if (!pass->link->form.as_lld) {
        begin_as_ld(pass, output);
        return;
    }
    uint64_t align = lld_align(pass, output);
    if (align <= UINT32_MAX)
        output->header_align = (uint32_t)align;
    begin_as_lld(pass, output, align);
}

static void check_fits(struct pass *pass, struct output *output)
{
    check_size(pass, output);
    if (!pass->link->form.as_lld)
        output->load_address = load_as_ld(pass, output);
    check_end(pass, output);
    check_region(pass, output);
}

static bool has_moved(const struct output *old, const struct output *output)
{
    return !old->placed || old->address != output->address ||
           old->load_address != output->load_address || old->size != output->size;
}

void place_output(struct pass *pass, uint32_t index)
{
    struct output *output = &pass->link->outputs.at[index];
    if (is_apart(pass->link, output)) {
        place_apart(pass, index);
        return;
    }
    const struct output old = *output;
    uint64_t before = pass->dot;
    begin(pass, output);
    pass->section = (int)index;
    place_contents(pass, output);
    output->size = pass->dot - pass->start;
    check_fits(pass, output);
    if (pass->link->form.as_lld)
        end_as_lld(pass, output, before);
    else
        end_as_ld(pass, index, before);
    pass->section = VALUE_ABSOLUTE;
    pass->changed |= has_moved(&old, output);
    output->placed = true;
}
