/* SPDX-License-Identifier: MIT
 *
 * The body of an output section in one pass of layout: what its statements and its orphans put
 * there, with the padding in between. Chunks are noted in the final pass only: by then every pass
 * would note the same. */
#include "layout/layout.h"

#include "ask.h"
#include "input/unwind.h"

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

/* ---- statements ---- */

void place_atom(struct pass *pass, uint32_t atom, uint64_t subalign)
{
    struct link *link = pass->link;
    struct atom_state *state = &link->atoms[atom];
    if (!state->is_live)
        return;
    uint64_t size =
        unwind_is_padded(link, atom) ? link->record_sizes[atom] : atom_of(link, atom)->size;
    static const unsigned char zero[1] = {0};
    struct fill fill = pass->fill;
    uint64_t align = subalign ? subalign : state->align;
    if (atom_is_left_over(link, atom) && !link->form.as_lld)
        align = 1; /* GNU ld has taken it out, and only its output section is aligned for it */
    bool is_more = pass->last_atom != NONE && are_commons_of_one(link, atom, pass->last_atom);
    if (is_more || continues_table(pass, atom))
        pass->fill = (struct fill){zero, 1};
    pad_to(pass, align_up(pass->dot, align), CHUNK_PADDING);
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
        script_diagnose(pass->link->host, WELT_ERROR, "assert", &s->place,
                        "assertion does not hold: %s", s->name);
}

/* `. = ALIGN(512);` beside what is not loaded asks for room, where it moves dot: GNU ld then loads
 * all of the section. */
static void load_what_is_padded(struct pass *pass)
{
    struct output *output = &pass->link->outputs.at[pass->section];
    bool is_loaded = !output->native_type || output->flags & SECTION_ALLOC;
    if (pass->link->form.as_lld || is_loaded || is_unloaded_type(output->statement))
        return;
    output->flags |= SECTION_ALLOC;
    output->takes_no_room = false;
    pass->changed = true;
}

static void place_assignment(struct pass *pass, const struct statement *s)
{
    uint64_t before = pass->dot;
    assign(pass, s);
    uint64_t after = pass->dot;
    if (after == before)
        return;
    load_what_is_padded(pass);
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

void place_contents(struct pass *pass, const struct output *output)
{
    const struct statement *s = output->statement;
    bool holds = pass->link->form.as_lld || output->is_used;
    uint64_t subalign = holds && s && s->subalign ? statement_align(pass, s->subalign) : 0;
    pass->fill = s ? s->fill : (struct fill){0};
    pass->gap = pass->dot;
    pass->last_atom = NONE;
    if (s)
        place_body(pass, s->body, subalign);
    for (size_t i = 0; i < output->orphans.count; i++)
        place_atom(pass, output->orphans.at[i], subalign);
}
