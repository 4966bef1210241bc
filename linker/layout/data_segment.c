/* SPDX-License-Identifier: MIT
 *
 * DATA_SEGMENT_ALIGN, DATA_SEGMENT_RELRO_END and DATA_SEGMENT_END (manual of GNU ld 2.40, 3.10.9):
 * where the data segment begins depends on where it ends.
 *
 *     . = DATA_SEGMENT_ALIGN(0x1000, 0x1000);      base: on the next page
 *     .data.rel.ro : { … }
 *     . = DATA_SEGMENT_RELRO_END(0, .);            what lies before is to end where a page ends
 *     .data : { … }
 *     . = DATA_SEGMENT_END(.);
 *
 * Passes over the script first find base, relro_end and end with the base on a page. Then, once,
 * either the base moves up so that the part that is read-only after start-up ends on a page, or,
 * when there is no such part and the segment would touch a page more than its size asks for, the
 * base moves to the offset that the text ended with. Passes after that take the base as it is. */
#include "layout/layout.h"

#include "ask.h"

#include <string.h>

/* Each section before relro_end, from the last to the first, moves up against the one behind it as
 * far as its alignment lets it: where the first one comes to lie the segment begins. */
static uint64_t relro_base(const struct link *link, uint64_t end)
{
    const struct data_segment *segment = &link->data_segment;
    for (size_t i = link->outputs.count; i-- > 0;) {
        const struct output *output = &link->outputs.at[i];
        bool counts = !output->is_discard && (output->is_used || output->size) &&
                      output->address >= segment->base &&
                      output->address < segment->relro_end - segment->relro_offset;
        if (!counts)
            continue;
        end -= output_is_tbss(output) ? 0 : output->size;
        end &= ~((uint64_t)output->align - 1);
    }
    return end;
}

static bool saves_page(const struct data_segment *segment)
{
    uint64_t mask = segment->common_page_size - 1;
    uint64_t first = -segment->base & mask, last = segment->end & mask;
    return segment->common_page_size && first && last &&
           (segment->base & ~mask) != (segment->end & ~mask) &&
           first + last <= segment->common_page_size;
}

/* A pass begins. */
void open_data_segment(struct link *link)
{
    struct data_segment *segment = &link->data_segment;
    if (!link->passes)
        segment->relro = link->set->relro;
    if (segment->phase < DATA_SEGMENT_ADJUST)
        *segment = (struct data_segment){.relro = segment->relro};
}

/* After an assignment that may have begun or ended a part of the segment. */
void note_data_segment(struct link *link, const struct statement *statement,
                       enum data_segment_phase before)
{
    struct data_segment *segment = &link->data_segment;
    if (segment->phase == before)
        return;
    if (segment->phase == DATA_SEGMENT_ALIGNED)
        segment->first = statement;
    if (segment->phase == DATA_SEGMENT_RELRO_SEEN)
        segment->last = statement;
}

static bool any_asked_for(const struct link *link, const struct atom_list *atoms)
{
    for (size_t i = 0; i < atoms->count; i++)
        if (!atom_is_left_over(link, atoms->at[i]))
            return true;
    return false;
}

static bool takes_input(const struct link *link, const struct output *output)
{
    bool takes = any_asked_for(link, &output->orphans);
    for (const struct statement *s = output->statement ? output->statement->body : NULL;
         s && !takes; s = s->next)
        takes = s->kind == STATEMENT_INPUT && any_asked_for(link, &link->taken[s->index]);
    return takes;
}

/* Without a section in that part nothing is to be made read-only. GNU ld asks whether the patterns
 * there match anything, also when an output section of the same name took it before (.eh_frame,
 * when it is read-only). */
static bool has_relro(struct link *link)
{
    const struct data_segment *segment = &link->data_segment;
    struct names names;
    bool is_new;
    names_open(&names, &link->arena);
    for (const struct statement *s = segment->first; s && s != segment->last; s = s->next)
        if (s->kind == STATEMENT_OUTPUT)
            names_add(&names, s->name, strlen(s->name), &is_new);
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (names_find(&names, output->name, strlen(output->name)) != NO_NAME &&
            takes_input(link, output))
            return true;
    }
    return false;
}

/* Requires: passes that changed nothing any more. Result: the segment moves, passes are needed
 * again. */
bool adjust_data_segment(struct link *link)
{
    struct data_segment *segment = &link->data_segment;
    if (segment->relro && segment->phase > DATA_SEGMENT_NONE &&
        segment->phase < DATA_SEGMENT_ADJUST && !has_relro(link)) {
        segment->relro = false;
        return true;
    }
    if (segment->phase != DATA_SEGMENT_ENDED)
        return false;
    if (segment->relro && segment->relro_end) {
        uint64_t mask = segment->page_size ? segment->page_size - 1 : 0;
        uint64_t end = (segment->relro_end + mask) & ~mask;
        segment->base = relro_base(link, end - segment->relro_offset);
        segment->phase = DATA_SEGMENT_RELRO_ADJUST;
        return true;
    }
    if (!saves_page(segment))
        return false;
    segment->phase = DATA_SEGMENT_ADJUST;
    return true;
}
