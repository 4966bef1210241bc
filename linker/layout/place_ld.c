/* SPDX-License-Identifier: MIT
 *
 * Where GNU ld lets an output section begin, where it is loaded, and where what follows begins. */
#include "layout/layout.h"

#include "ask.h"

#include <string.h>

/* ---- before its body is placed ---- */

static uint64_t evaluate_place(struct pass *pass, const struct expr *expr, uint64_t fallback)
{
    bool known;
    pass->is_placing = true;
    uint64_t place = evaluate_number(pass, expr, fallback, &known);
    pass->is_placing = false;
    return place;
}

/* Where the section begins before it is aligned: what the command line says (unless the script asks
 * for it by SEGMENT_START), then the script, then the region's next free address, then the one of
 * no region, which is dot unless a section of a region or an empty one stands in between. */
static uint64_t choose_address(struct pass *pass, const struct output *output)
{
    const welt_section_start *given = given_start(pass->link, output->name);
    const struct statement *s = output->statement;
    if (given)
        return given->address;
    if (!s && pass->link->form.kind == FORM_RELOCATABLE)
        return 0; /* orphans of an object each begin at 0 */
    if (s && s->address)
        return evaluate_place(pass, s->address, pass->dot);
    if (output->region != NONE)
        return pass->link->regions.at[output->region].current;
    return pass->free;
}

static uint64_t choose_align(struct pass *pass, const struct output *output, uint64_t subalign)
{
    const struct statement *s = output->statement;
    /* In a boot build atoms are aligned, not the section that they begin: what fills a hole may
     * stand first. */
    uint64_t align = pass->link->set->face == WELT_FACE_BOOT ? 1 : output->align;
    if (subalign > align && output->is_used)
        align = subalign;
    if (has_own_address(pass->link, output))
        align = 1; /* what the script says is meant; only its atoms are aligned, as in GNU ld */
    if (s && s->align) {
        uint64_t asked = statement_align(pass, s->align);
        if (asked > align)
            align = asked;
    }
    return align;
}

static uint64_t load_region_address(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t current = pass->link->regions.at[output->load_region].current;
    if (s && s->align_with_input)
        return current + pass->align_delta;
    uint64_t asked = s && s->align ? statement_align(pass, s->align) : 1;
    return align_up(current, output->load_region == output->region ? pass->align : asked);
}

/* Without AT() the load address keeps its distance from the run address that the section before had
 * (manual 3.6.8.2, "Output Section LMA"), unless dot went back. The sections of an overlay are
 * loaded one behind the other. */
uint64_t load_as_ld(struct pass *pass, const struct output *output)
{
    const struct link *link = pass->link;
    const struct statement *s = output->statement;
    if (s && s->load_address)
        return evaluate_place(pass, s->load_address, output->address);
    if (output->load_region != NONE)
        return load_region_address(pass, output);
    uint32_t last = output->region == NONE ? pass->last : pass->last_in[output->region];
    if (last == NONE)
        return output->address;
    const struct output *before = &link->outputs.at[last];
    bool went_back = output->address < before->address && output->size &&
                     output->address + output->size <= before->address;
    if (went_back)
        return output->address;
    bool is_overlaid = s && s->overlay && s->overlay != s;
    uint64_t address = is_overlaid ? before->load_address + before->size
                                   : output->address + before->load_address - before->address;
    return align_up(address, pass->align);
}

/* --warn-section-align. */
static void tell_of_shift(const struct pass *pass, const struct output *output, uint64_t by)
{
    if (pass->is_final && pass->link->set->given.warn_section_align && by && output->is_used)
        diagnose(pass->link->host, WELT_WARNING, "section-align", place_of_output(output), NULL,
                 "start of section %s changed by %llu", output->name, (unsigned long long)by);
}

void begin_as_ld(struct pass *pass, struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t subalign = s && s->subalign ? statement_align(pass, s->subalign) : 0;
    uint64_t start = choose_address(pass, output);
    pass->align = choose_align(pass, output, subalign);
    pass->align_delta = align_up(start, pass->align) - start;
    tell_of_shift(pass, output, pass->align_delta);
    output->address = pass->start = pass->dot = start + pass->align_delta;
}

/* ---- behind its body ---- */

static void advance(struct region *region, uint64_t end)
{
    region->current = end;
    if (end > region->end)
        region->end = end;
}

static void take_room(struct pass *pass, const struct output *output)
{
    struct link *link = pass->link;
    if (output->takes_no_room || is_started_orphan(link, output))
        return; /* dot sees it, the next section does not */
    if (output->region != NONE)
        advance(&link->regions.at[output->region], pass->dot);
    else
        pass->free = pass->dot;
    bool is_loaded = !(output->flags & SECTION_NOBITS);
    uint32_t home = output->load_region == NONE ? output->region : output->load_region;
    if (is_loaded && home != NONE && home != output->region)
        advance(&link->regions.at[home], output->load_address + output->size);
    if (is_loaded && home != NONE)
        link->regions.at[home].in_image = true;
}

static bool has_input(const struct link *link, const struct output *output)
{
    const struct statement *s = output->statement;
    for (const struct statement *b = s ? s->body : NULL; b; b = b->next)
        for (size_t i = 0; b->kind == STATEMENT_INPUT && i < link->taken[b->index].count; i++)
            if (link->atoms[link->taken[b->index].at[i]].is_live)
                return true;
    return false;
}

static bool is_number(const struct expr *expr, int64_t number)
{
    return expr->kind == EXPR_NUMBER && expr->number == number;
}

/* `. = . + 0` and `. = ALIGN(. != 0 ? e : 1)`, which scripts write so that GNU ld does not keep an
 * empty output section for them. */
bool asks_for_nothing(const struct statement *s)
{
    const struct expr *e = s->value;
    if (strcmp(s->name, ".") != 0)
        return false;
    if (e->kind == EXPR_BINARY && e->operation == '+')
        return e->a->kind == EXPR_DOT && is_number(e->b, 0);
    if (e->kind != EXPR_CALL || strcmp(e->name, "ALIGN") != 0 || e->b)
        return false;
    const struct expr *when = e->a->kind == EXPR_TERNARY ? e->a->a : NULL;
    return when && when->kind == EXPR_BINARY && when->operation == OP2('!', '=') &&
           when->a->kind == EXPR_DOT && is_number(when->b, 0) && is_number(e->a->c, 1);
}

static bool assigns(const struct output *output)
{
    const struct statement *s = output->statement;
    for (const struct statement *b = s ? s->body : NULL; b; b = b->next)
        if (b->kind == STATEMENT_ASSIGN && !(b->flags & ASSIGN_PROVIDE) && !asks_for_nothing(b))
            return true;
    return false;
}

/* What an empty output section leaves behind, as in GNU ld. One that took (empty) input and assigns
 * stands like any other. One with an address, or whose body assigns to dot or a symbol, moves dot,
 * but the next section begins where it would without it, unless an assignment in between takes dot
 * up. Any other leaves nothing. Symbols are settled after sizes in GNU ld: those that are assigned
 * behind an empty section with an address have the value that they would have without it. */
static void leave_empty(struct pass *pass, const struct output *output, uint64_t dot_before)
{
    bool has_address = has_own_address(pass->link, output);
    if (assigns(output) && has_input(pass->link, output))
        pass->free = pass->dot;
    else if (!has_address && !assigns(output))
        pass->dot = dot_before;
    if (assigns(output)) {
        pass->is_unmoved = false;
    } else if (has_address && !pass->is_unmoved) {
        pass->is_unmoved = true;
        pass->unmoved = dot_before;
    }
}

/* An overlay's sections share addresses; dot goes on behind the largest. */
static uint64_t overlay_end(const struct pass *pass, uint32_t last)
{
    const struct link *link = pass->link;
    const struct statement *first = link->outputs.at[last].statement->overlay;
    uint64_t largest = 0;
    for (uint32_t i = last;; i--) {
        const struct output *output = &link->outputs.at[i];
        if (output->size > largest)
            largest = output->size;
        if (output->statement == first || !i)
            return output->address + largest;
    }
}

static bool took_input(const struct link *link, const struct output *output)
{
    return output->is_used || output->size || output->orphans.count || has_input(link, output);
}

/* An empty output section that took input hands its load address on to what follows, like one that
 * holds something, unless dot was before the last that did. */
static void remember_last(struct pass *pass, uint32_t index, const struct output *output,
                          uint64_t dot_before)
{
    const struct link *link = pass->link;
    uint32_t *last = output->region == NONE ? &pass->last : &pass->last_in[output->region];
    if (output->load_region != NONE || output->takes_no_room || is_started_orphan(link, output) ||
        output_is_tbss(output) || !took_input(link, output))
        return;
    bool hands_on = *last == NONE ? output->address != output->load_address
                                  : dot_before >= link->outputs.at[*last].address;
    if (output->size || hands_on)
        *last = index;
}

void end_as_ld(struct pass *pass, uint32_t index, uint64_t dot_before)
{
    struct output *output = &pass->link->outputs.at[index];
    if (output_is_tbss(output) && pass->link->form.kind != FORM_RELOCATABLE)
        pass->dot = pass->start;
    if (output->statement && output->statement->overlay_ends)
        pass->dot = overlay_end(pass, index);
    remember_last(pass, index, output, dot_before);
    if (output->is_used || output->size) {
        take_room(pass, output);
        pass->is_unmoved = false;
    } else {
        leave_empty(pass, output, dot_before);
    }
}
