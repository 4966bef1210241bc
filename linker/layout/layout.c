/* SPDX-License-Identifier: MIT
 *
 * Layout: every live atom gets its address, every symbol of the script its value.
 *
 * Requires: outputs with their atoms, what is live. Provides: addresses, load addresses, sizes,
 * regions' use, chunks. It is a function of the script's tree, the live atoms and their sizes, and
 * may be run again.
 *
 * The script may ask for what stands further down (`SHORT((SIZEOF(.text) + 511) / 512)` in the
 * first sector), so a pass over it is repeated with the answers of the pass before until nothing
 * changes; then a last pass complains of what is still unknown. A script whose values never settle
 * (`x = x + 1`) is an error after a bounded number. */
#include "layout/layout.h"

#include "ask.h"
#include "steps.h"

#include <elf.h>
#include <string.h>

enum { MOST_PASSES = 32 };

/* ---- what an output section holds, before the first pass ---- */

/* .eh_frame of x86-64 may have a type of its own; lld makes one of all, of the common type. */
static uint32_t type_of(const struct link *link, const struct section *section)
{
    bool is_remade = link->form.as_lld && section->flags & SECTION_UNWIND;
    return is_remade ? SHT_PROGBITS : section->type;
}

static void join_atom(struct link *link, struct output *output, uint32_t atom)
{
    const struct atom_state *state = &link->atoms[atom];
    if (!state->is_live)
        return;
    uint32_t flags = atom_section(link, atom)->flags;
    if (!output->native_type && !atom_is_left_over(link, atom))
        output->native_type = type_of(link, atom_section(link, atom));
    bool had_bytes = output->flags && !(output->flags & SECTION_NOBITS);
    output->flags |= flags;
    if (had_bytes || !(flags & SECTION_NOBITS))
        output->flags &= ~(uint32_t)SECTION_NOBITS;
    output->is_used |= atom_of(link, atom)->size != 0;
    if (state->align > output->align)
        output->align = state->align;
}

static bool takes_live(const struct link *link, const struct statement *s)
{
    for (size_t i = 0; i < link->taken[s->index].count; i++)
        if (link->atoms[link->taken[s->index].at[i]].is_live)
            return true;
    return false;
}

/* GNU ld keeps an output section that holds nothing if a statement in it sets dot, though to where
 * it is: a script asks so for a section whose bounds it names. */
static bool keeps_its_section(const struct statement *s)
{
    bool is_zero = s->value && s->value->kind == EXPR_NUMBER && !s->value->number;
    return s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") == 0 && !is_zero &&
           !asks_for_nothing(s);
}

static void join_statement(struct link *link, struct output *output, const struct statement *s)
{
    output->is_kept |= !link->form.as_lld && keeps_its_section(s);
    if (s->kind == STATEMENT_INPUT)
        for (size_t i = 0; i < link->taken[s->index].count; i++)
            join_atom(link, output, link->taken[s->index].at[i]);
    if (s->kind == STATEMENT_INPUT && s->keep && !link->form.as_lld)
        output->is_used |= takes_live(link, s); /* GNU ld keeps what KEEP names, empty or not */
    if (s->kind == STATEMENT_DATA) {
        output->flags |= SECTION_ALLOC;
        output->flags &= ~(uint32_t)SECTION_NOBITS;
        output->is_used = true;
    }
}

/* The atoms that an output section may place; with the padding before each, half of its chunks. */
static size_t most_chunks(const struct link *link, const struct output *output)
{
    size_t count = output->orphans.count;
    for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
         s = s->next)
        count += s->kind == STATEMENT_INPUT ? link->taken[s->index].count : 1;
    return count;
}

/* Without input an output section is what its first statement makes of it: GNU ld takes one that
 * begins with an assignment or FILL for writable. */
static bool begins_with_assignment(const struct statement *s)
{
    for (const struct statement *b = s ? s->body : NULL; b; b = b->next)
        if (b->kind == STATEMENT_ASSIGN || b->kind == STATEMENT_FILL || b->kind == STATEMENT_DATA)
            return b->kind != STATEMENT_DATA;
    return false;
}

/* GNU ld takes away output sections without anything in them, unless relocations are kept. */
static bool keeps_empty(const struct link *link)
{
    return link->form.kind == FORM_RELOCATABLE ||
           (link->form.kind == FORM_EXECUTABLE && link->set->given.emit_relocs &&
            !link->form.as_lld);
}

static void join_contents(struct link *link, struct output *output)
{
    const struct statement *s = output->statement;
    uint32_t arranged = output->flags;
    output->flags = output->native_type = 0;
    output->is_used = output->is_kept = false;
    output->chunks.count = 0;
    for (const struct statement *b = s ? s->body : NULL; b; b = b->next)
        join_statement(link, output, b);
    for (size_t i = 0; i < output->orphans.count; i++)
        join_atom(link, output, output->orphans.at[i]);
    /* `. = ALIGN(512);` beside what is not loaded asks for room; in GNU ld only where it moves dot
     * (place_body.c). */
    if (link->form.as_lld && output->native_type && s && moves_dot(s->body))
        output->flags |= SECTION_ALLOC;
    list_reserve(&link->arena, &output->chunks, 2 * most_chunks(link, output) + 8);
    if (!output->flags && !output->native_type)
        output->flags = SECTION_ALLOC | (link->form.as_lld ? 0 : SECTION_NOBITS);
    if (link->form.as_lld && !output->native_type && arranged)
        output->flags = arranged;
    else if (link->form.as_lld) /* also of tables that it takes out again */
        output->flags |= arranged & (SECTION_WRITE | SECTION_EXEC);
    else if (link->form.kind != FORM_FLAT && !output->native_type && begins_with_assignment(s))
        output->flags |= SECTION_WRITE;
    output->is_used |= output->native_type && keeps_empty(link);
    apply_type(link, output);
}

/* ---- one pass ---- */

static void place_next(struct pass *pass)
{
    struct link *link = pass->link;
    if (!link->outputs.at[pass->next].is_discard)
        place_output(pass, pass->next);
    pass->next++;
}

static struct atom_list *orphans_behind(const struct link *link, const struct statement *s)
{
    return &link->orphans_behind[s ? s->index + 1 : 0];
}

static void place_orphans_behind(struct pass *pass, const struct statement *s)
{
    const struct atom_list *orphans = orphans_behind(pass->link, s);
    for (size_t i = 0; i < orphans->count; i++)
        place_output(pass, orphans->at[i]);
}

static void place_statement(struct pass *pass, const struct statement *s)
{
    struct link *link = pass->link;
    if (s->kind == STATEMENT_OUTPUT) {
        while (pass->next < link->outputs.count && !link->outputs.at[pass->next].statement)
            pass->next++;
        if (pass->next < link->outputs.count && link->outputs.at[pass->next].statement == s)
            place_next(pass);
    } else if (s->kind == STATEMENT_ASSIGN) {
        enum data_segment_phase before = link->data_segment.phase;
        assign(pass, s);
        note_data_segment(link, s, before);
        pass->free = pass->dot;
    } else if (s->kind == STATEMENT_ASSERT) {
        struct value value = evaluate(pass, s->value);
        if (pass->is_final && value.known && !value.number)
            script_diagnose(link->host, WELT_ERROR, "assert", &s->place,
                            "assertion does not hold: %s", s->name);
    }
}

/* `__entry`: the entry's address, for layouts that begin with a jump to it. */
static void settle_entry(struct pass *pass)
{
    const struct link *link = pass->link;
    uint32_t index = global_find(link, "__entry");
    if (index == NONE || link->globals.at[index].state != GLOBAL_SCRIPT ||
        link->globals.at[index].statement || link->entry_atom == NONE)
        return;
    uint32_t first = link->jump_atom == NONE ? link->entry_atom : link->jump_atom;
    uint64_t offset = link->jump_atom == NONE ? link->entry_offset : 0;
    uint64_t address = atom_address(link, first, offset);
    bool differs = link->globals.at[index].value != address;
    pass->changed |= differs;
    pass->looked_ahead |= differs;
    link->globals.at[index].value = address;
}

/* Whether another pass may give other answers. The first gives the last ones when nothing asked
 * ahead. */
static bool run_pass(struct link *link, bool is_final)
{
    struct pass pass = {.link = link,
                        .section = VALUE_ABSOLUTE,
                        .is_final = is_final,
                        .last = NONE,
                        .region = NONE,
                        .load_region = NONE,
                        .dot_before = NOWHERE,
                        .dot = lld_origin(link),
                        .last_in = NEW_ARRAY(&link->arena, uint32_t, link->regions.count)};
    for (size_t i = 0; i < link->regions.count; i++)
        pass.last_in[i] = NONE;
    host_progress(link->host, "layout", link->passes, MOST_PASSES);
    for (size_t i = 0; i < link->defsyms.count; i++)
        assign(&pass, link->defsyms.at[i]);
    open_data_segment(link);
    open_regions(&pass);
    place_orphans_behind(&pass, NULL);
    for (const struct statement *s = link->script->commands; s; s = s->next) {
        place_statement(&pass, s);
        place_orphans_behind(&pass, s);
    }
    settle_entry(&pass);
    settle_bounds(&pass);
    link->passes++;
    bool is_settled = link->passes == 1 && !pass.looked_ahead;
    return (pass.changed || pass.moved_names > 0) && !is_settled;
}

/* Passes until nothing changes. false: that never happens. */
static bool settle(struct link *link)
{
    while (run_pass(link, false)) {
        if (link->passes < MOST_PASSES)
            continue;
        diagnose(link->host, WELT_ERROR, "script", (struct place){.file = link->script->name},
                 "look for a symbol or size that is defined by itself",
                 "layout did not settle after %d passes", MOST_PASSES);
        return false;
    }
    return true;
}

static bool settle_data_segment(struct link *link)
{
    bool is_settled = settle(link);
    while (is_settled && adjust_data_segment(link))
        is_settled = settle(link);
    return is_settled;
}

/* The room of an ELF file's headers (SIZEOF_HEADERS) depends on the number of segments, which
 * depends on where that room moves the sections. A guess comes first, as in GNU ld, and when it
 * goes up and down the larger one is room enough. */
static bool settle_with_headers(struct link *link)
{
    enum { MOST_TRIES = 10, FREE_TRIES = 4 };
    if (link->form.as_lld)
        return settle_data_segment(link);
    link->headers_size = elf_header_size(link) + 4 * program_header_size(link);
    for (int i = 0; i < MOST_TRIES; i++) {
        uint64_t guess = link->headers_size;
        link->data_segment = (struct data_segment){.relro = link->data_segment.relro};
        if (!settle_data_segment(link))
            return false;
        plan_segments(link);
        if (link->headers_size < guess && i >= FREE_TRIES)
            link->headers_size = guess;
        if (link->headers_size == guess)
            return true;
    }
    return settle_data_segment(link);
}

/* Orphans follow their anchor in link.outputs; in the script they stand behind a statement. There
 * may be as many of the one as of the other, and every pass asks. */
static void list_orphans(struct link *link)
{
    uint32_t count = 0;
    for (struct statement *s = link->script->commands; s; s = s->next)
        s->index = count++;
    link->orphans_behind = NEW_ARRAY(&link->arena, struct atom_list, count + 1);
    for (uint32_t i = 0; i < link->outputs.count; i++)
        if (!link->outputs.at[i].statement)
            *list_add(&link->arena, orphans_behind(link, link->outputs.at[i].behind)) = i;
}

void lay_out(struct link *link)
{
    link->start_asked = NEW_ARRAY(&link->arena, bool, link->set->given.section_start_count + 1);
    link->data_segment = (struct data_segment){0};
    link->regions.count = 0;
    link->passes = 0;
    open_names(link);
    choose_regions(link);
    for (uint32_t i = 0; i < link->outputs.count; i++)
        join_contents(link, &link->outputs.at[i]);
    list_orphans(link);
    align_thread_data(link);
    if (link->form.as_lld)
        link->headers_size = lld_headers_size(link);
    bool is_settled =
        link->form.kind == FORM_EXECUTABLE ? settle_with_headers(link) : settle_data_segment(link);
    if (is_settled)
        run_pass(link, true);
    find_thread_data(link);
    if (link->form.kind != FORM_EXECUTABLE)
        return;
    if (link->script->segments.count)
        check_segment_names(link);
    else if (!link->form.as_lld)
        check_thread_data(link);
}
