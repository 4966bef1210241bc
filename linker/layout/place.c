/* SPDX-License-Identifier: MIT
 *
 * One output section in one pass of layout: its address, its body, its load address.
 *
 *     . = start                     the region's next free address, or what the script says
 *     atom, padding, atom, …        input statements, in the order in which they took sections
 *     . = end                       orphans of the same name behind the body
 *
 * Chunks are noted in the final pass only: by then every pass would note the same. */
#include "layout/layout.h"

#include "ask.h"
#include "input/unwind.h"

#include <string.h>

static uint64_t align_up(uint64_t value, uint64_t align)
{
    return align > 1 ? (value + align - 1) & ~(align - 1) : value;
}

static struct place place_of(const struct output *output)
{
    const struct statement *s = output->statement;
    if (!s)
        return (struct place){.section = output->name};
    return (struct place){.file = s->place.file, .line = s->place.line, .column = s->place.column};
}

/* ---- chunks ---- */

static void note(struct pass *pass, struct chunk chunk)
{
    struct output *output = &pass->link->outputs.at[pass->section];
    if (pass->is_final && chunk.size)
        *list_add(&pass->link->arena, &output->chunks) = chunk;
}

/* lld fills with four bytes over and over, counted from the end of the input section before: the
 * number behind `=`, its first byte first, and without one in code a trap (int3). */
static struct fill lld_fill(struct pass *pass)
{
    static const unsigned char traps[4] = {0xcc, 0xcc, 0xcc, 0xcc};
    const struct output *output = &pass->link->outputs.at[pass->section];
    const struct fill *asked = &pass->fill;
    if (!asked->size)
        return output->flags & SECTION_EXEC ? (struct fill){traps, 4} : *asked;
    if (!pass->is_final)
        return *asked;
    unsigned char *bytes = NEW_ARRAY(&pass->link->arena, unsigned char, 4);
    uint32_t taken = asked->size < 4 ? asked->size : 4, phase = (uint32_t)(pass->dot - pass->gap);
    for (uint32_t i = 0; i < taken; i++)
        bytes[(8 - taken + i - phase % 4) % 4] = asked->bytes[asked->size - taken + i];
    return (struct fill){bytes, 4};
}

/* Whether the atom goes on with the table of merged pieces that the last one belongs to: what is
 * between them is zero (resolve/merge_lld.c). */
static bool continues_table(const struct pass *pass, uint32_t atom)
{
    const struct link *link = pass->link;
    if (!link->form.as_lld || !link->form.merge || pass->last_atom == NONE)
        return false;
    const struct section *section = atom_section(link, atom);
    const struct section *before = atom_section(link, pass->last_atom);
    return (section->flags & before->flags & SECTION_MERGE) && section->flags == before->flags &&
           section->entsize == before->entsize &&
           link->atoms[atom].align == link->atoms[pass->last_atom].align;
}

static void pad_to(struct pass *pass, uint64_t to, enum chunk_kind kind)
{
    note(pass, (struct chunk){.kind = (uint8_t)kind,
                              .atom = NONE,
                              .offset = pass->dot - pass->start,
                              .size = to - pass->dot,
                              .fill = pass->link->form.as_lld ? lld_fill(pass) : pass->fill});
    pass->dot = to;
}

/* ---- the body ---- */

void place_atom(struct pass *pass, uint32_t atom, uint64_t subalign)
{
    struct link *link = pass->link;
    struct atom_state *state = &link->atoms[atom];
    if (!state->is_live)
        return;
    uint64_t size = atom_of(link, atom)->size - (atom == link->short_atom ? UNWIND_ALIGN : 0);
    static const unsigned char zero[1] = {0};
    struct fill fill = pass->fill;
    bool in_table = continues_table(pass, atom);
    if (in_table)
        pass->fill = (struct fill){zero, 1};
    pad_to(pass, align_up(pass->dot, subalign ? subalign : state->align), CHUNK_PADDING);
    pass->fill = fill;
    pass->last_atom = atom;
    uint64_t offset = pass->dot - pass->start;
    pass->changed |= !state->placed || state->offset != offset;
    state->offset = offset;
    state->placed = true;
    note(pass, (struct chunk){.kind = CHUNK_ATOM, .atom = atom, .offset = offset, .size = size});
    pass->dot += size;
    pass->gap = pass->dot;
}

static void place_data(struct pass *pass, const struct statement *s)
{
    uint64_t size = s->ascii ? s->ascii_size + 1 : s->width;
    note(pass, (struct chunk){.kind = CHUNK_DATA,
                              .atom = NONE,
                              .offset = pass->dot - pass->start,
                              .size = size,
                              .statement = s});
    pass->dot += size;
}

static void check_assertion(struct pass *pass, const struct statement *s)
{
    bool known;
    uint64_t holds = evaluate_number(pass, s->value, 1, &known);
    if (pass->is_final && known && !holds)
        diagnose(
            pass->link->host, WELT_ERROR, "assert",
            (struct place){.file = s->place.file, .line = s->place.line, .column = s->place.column},
            NULL, "assertion does not hold: %s", s->name);
}

static void place_assignment(struct pass *pass, const struct statement *s)
{
    uint64_t before = pass->dot;
    assign(pass, s);
    uint64_t after = pass->dot;
    if (after == before)
        return;
    pass->dot = before;
    pad_to(pass, after, CHUNK_FILL);
}

static void place_inputs(struct pass *pass, const struct atom_list *atoms, uint64_t subalign)
{
    if (pass->link->form.pack && !subalign) {
        place_packed(pass, atoms);
        return;
    }
    for (size_t i = 0; i < atoms->count; i++)
        place_atom(pass, atoms->at[i], subalign);
}

static void place_body(struct pass *pass, const struct statement *s, uint64_t subalign)
{
    const struct link *link = pass->link;
    for (; s; s = s->next) {
        switch (s->kind) {
        case STATEMENT_INPUT: place_inputs(pass, &link->taken[s->index], subalign); break;
        case STATEMENT_ASSIGN: place_assignment(pass, s); break;
        case STATEMENT_DATA: place_data(pass, s); break;
        case STATEMENT_FILL: pass->fill = s->fill; break;
        case STATEMENT_ASSERT: check_assertion(pass, s); break;
        default: break;
        }
    }
}

/* ---- address, load address, region ---- */

const welt_section_start *given_start(const struct link *link, const char *name)
{
    const welt_options *given = &link->set->given;
    for (size_t i = given->section_start_count; i-- > 0;)
        if (!link->start_asked[i] && strcmp(given->section_starts[i].section, name) == 0)
            return &given->section_starts[i];
    return NULL;
}

/* Where the section begins before it is aligned: what the command line says (unless the script asks
 * for it by SEGMENT_START), then the script, then the region's next free address, then the one of
 * no region, which is dot unless a section of a region or an empty one stands in between. */
static uint64_t choose_address(struct pass *pass, const struct output *output)
{
    const welt_section_start *given = given_start(pass->link, output->name);
    const struct statement *s = output->statement;
    bool known;
    if (given)
        return given->address;
    if (s && s->address)
        return evaluate_number(pass, s->address, pass->dot, &known);
    if (output->region != NONE)
        return pass->link->regions.at[output->region].current;
    return pass->free;
}

static uint64_t statement_align(struct pass *pass, const struct expr *expr)
{
    bool known;
    uint64_t align = evaluate_number(pass, expr, 1, &known);
    if (!align)
        align = 1;
    bool is_power = !(align & (align - 1));
    if (!is_power && pass->is_final && known)
        diagnose(pass->link->host, WELT_ERROR, "script",
                 (struct place){.file = expr->place.file,
                                .line = expr->place.line,
                                .column = expr->place.column},
                 NULL, "alignment %llu is not a power of two", (unsigned long long)align);
    return is_power ? align : 1;
}

static bool has_own_address(const struct link *link, const struct output *output)
{
    return (output->statement && output->statement->address) || given_start(link, output->name);
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

static uint32_t header_align(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t asked = s && s->align ? statement_align(pass, s->align) : 1;
    return asked > output->align && asked <= UINT32_MAX ? (uint32_t)asked : output->align;
}

/* Without AT() the load address keeps its distance from the run address that the section before had
 * (manual 3.6.8.2, "Output Section LMA"), unless dot went back. The sections of an overlay are
 * loaded one behind the other. */
static uint64_t choose_load_address(struct pass *pass, const struct output *output)
{
    const struct link *link = pass->link;
    const struct statement *s = output->statement;
    bool known;
    if (s && s->load_address)
        return evaluate_number(pass, s->load_address, output->address, &known);
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

static void advance(struct region *region, uint64_t end)
{
    region->current = end;
    if (end > region->end)
        region->end = end;
}

static void take_room(struct pass *pass, uint32_t index, struct output *output)
{
    struct link *link = pass->link;
    if (!(output->flags & SECTION_ALLOC))
        return; /* dot sees it, the next section does not */
    if (output->region != NONE) {
        advance(&link->regions.at[output->region], pass->dot);
        pass->last_in[output->region] = index;
    } else {
        pass->last = index;
        pass->free = pass->dot;
    }
    bool is_loaded = !(output->flags & SECTION_NOBITS);
    uint32_t home = output->load_region == NONE ? output->region : output->load_region;
    if (is_loaded && home != NONE && home != output->region)
        advance(&link->regions.at[home], output->load_address + output->size);
    if (is_loaded && home != NONE)
        link->regions.at[home].in_image = true;
}

/* An address space has an end, and a section that reached over it would lie before its own start.
 */
static void check_end(struct pass *pass, struct output *output)
{
    bool fits = output->size <= UINT64_MAX - output->address &&
                output->size <= UINT64_MAX - output->load_address;
    if (fits)
        return;
    if (pass->is_final)
        diagnose(pass->link->host, WELT_ERROR, "image-size", place_of(output), NULL,
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
    if (!pass->is_final || !output->size || !(output->flags & SECTION_ALLOC))
        return;
    if (output->region != NONE && output->address < link->regions.at[output->region].origin)
        diagnose(
            link->host, WELT_ERROR, "region", place_of(output), NULL,
            "output section `%s' at 0x%llx lies before its region `%s', which begins at 0x%llx",
            output->name, (unsigned long long)output->address,
            link->regions.at[output->region].name,
            (unsigned long long)link->regions.at[output->region].origin);
    bool has_address =
        (output->statement && output->statement->address) || given_start(link, output->name);
    if (link->regions.count && output->region == NONE && !has_address)
        diagnose(link->host, WELT_ERROR, "region", place_of(output),
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
        diagnose(pass->link->host, WELT_ERROR, "image-size", place_of(output), NULL,
                 "output section `%s' has 0x%llx bytes: more than the 0x%llx that are allowed",
                 output->name, (unsigned long long)output->size, (unsigned long long)most);
    output->size = 0;
    pass->dot = pass->start;
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

/* Whether the body assigns: a symbol or, when `dot_counts`, dot. */
static bool assigns(const struct output *output, bool dot_counts)
{
    const struct statement *s = output->statement;
    for (const struct statement *b = s ? s->body : NULL; b; b = b->next)
        if (b->kind == STATEMENT_ASSIGN && !(b->flags & ASSIGN_PROVIDE) &&
            (dot_counts || strcmp(b->name, ".") != 0))
            return true;
    return false;
}

/* What an empty output section leaves behind, as in GNU ld. One that took (empty) input and assigns
 * stands like any other. One with an address or a symbol moves dot, but the next section begins
 * where it would without it, unless an assignment in between takes dot up. Any other leaves
 * nothing. */
static void leave_empty(struct pass *pass, const struct output *output, uint64_t dot_before)
{
    bool has_address =
        given_start(pass->link, output->name) || (output->statement && output->statement->address);
    if (assigns(output, true) && has_input(pass->link, output))
        pass->free = pass->dot;
    else if (!has_address && !assigns(output, false))
        pass->dot = dot_before;
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

/* ---- what is not loaded ---- */

/* Debug information has no addresses: each section begins at 0, and dot does not see it. Only
 * where a script of GNU ld's dialect lists it outside of all regions does it take addresses like
 * any other, as GNU ld has it. An object (-r) has no addresses at all. */
static bool is_apart(const struct link *link, const struct output *output)
{
    const struct statement *s = output->statement;
    if (link->form.kind == FORM_RELOCATABLE)
        return true;
    if (output->flags & SECTION_ALLOC)
        return false;
    return !s || (!s->address && (link->regions.count || link->set->face == WELT_FACE_BOOT));
}

static void place_contents(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t subalign = s && s->subalign ? statement_align(pass, s->subalign) : 0;
    pass->fill = s ? s->fill : (struct fill){0};
    pass->gap = pass->dot;
    pass->last_atom = NONE;
    if (s)
        place_body(pass, s->body, subalign);
    for (size_t i = 0; i < output->orphans.count; i++)
        place_atom(pass, output->orphans.at[i], subalign);
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
    output->size = pass->dot;
    check_size(pass, output);
    pass->section = VALUE_ABSOLUTE;
    pass->dot = dot;
    pass->changed |= !output->placed || old_size != output->size;
    output->placed = true;
}

/* --warn-section-align. */
static void tell_of_shift(const struct pass *pass, const struct output *output, uint64_t by)
{
    if (pass->is_final && pass->link->set->given.warn_section_align && by && output->is_used)
        diagnose(pass->link->host, WELT_WARNING, "section-align", place_of(output), NULL,
                 "start of section %s changed by %llu", output->name, (unsigned long long)by);
}

static void begin_output(struct pass *pass, struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t subalign = s && s->subalign ? statement_align(pass, s->subalign) : 0;
    uint64_t start = choose_address(pass, output);
    pass->align = choose_align(pass, output, subalign);
    pass->align_delta = align_up(start, pass->align) - start;
    tell_of_shift(pass, output, pass->align_delta);
    output->address = pass->start = pass->dot = start + pass->align_delta;
}

static void end_output(struct pass *pass, uint32_t index, uint64_t dot_before)
{
    struct output *output = &pass->link->outputs.at[index];
    if (output_is_tbss(output))
        pass->dot = pass->start;
    if (output->statement && output->statement->overlay_ends)
        pass->dot = overlay_end(pass, index);
    if (output->is_used || output->size)
        take_room(pass, index, output);
    else
        leave_empty(pass, output, dot_before);
}

static uint64_t lld_align(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    uint64_t align = s && s->subalign ? statement_align(pass, s->subalign) : output->align;
    uint64_t asked = s && s->align ? statement_align(pass, s->align) : 1;
    return asked > align ? asked : align;
}

void place_output(struct pass *pass, uint32_t index)
{
    struct output *output = &pass->link->outputs.at[index];
    if (is_apart(pass->link, output)) {
        place_apart(pass, index);
        return;
    }
    const struct output old = *output;
    bool is_lld = pass->link->form.as_lld;
    uint64_t before = pass->dot;
    output->header_align = header_align(pass, output);
    if (is_lld)
        begin_as_lld(pass, output, lld_align(pass, output));
    else
        begin_output(pass, output);
    pass->section = (int)index;
    place_contents(pass, output);
    output->size = pass->dot - pass->start;
    check_size(pass, output);
    if (!is_lld)
        output->load_address = choose_load_address(pass, output);
    check_end(pass, output);
    check_region(pass, output);
    if (is_lld)
        end_as_lld(pass, output);
    else
        end_output(pass, index, before);
    pass->section = VALUE_ABSOLUTE;
    pass->changed |= !output->placed || old.address != output->address ||
                     old.load_address != output->load_address || old.size != output->size;
    output->placed = true;
}
