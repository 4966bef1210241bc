/* SPDX-License-Identifier: MIT
 *
 * What -ffunction-sections and -fdata-sections would save: functions and data that nothing reaches,
 * but that share a section with something that is.
 *
 * Calls within a section need no relocation, so who calls whom there is read from the code itself.
 * That is believed only where the section decodes from its first byte to its last and every symbol
 * is at an instruction's beginning. */
#include "report/survey.h"

#include "ask.h"
#include "support/decode.h"

#include <string.h>

struct dissection {
    struct survey *survey;
    struct arena *arena;
    struct decoder *decoder;
    uint8_t *atoms; /* 1: its rows stand for themselves */
    LIST(uint32_t) from;
    LIST(uint32_t) to;
};

/* Behind the prefixes. */
static size_t opcode_at(const unsigned char *bytes, size_t length)
{
    static const unsigned char prefixes[] = {0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26};
    size_t at = 0;
    while (at + 1 < length && memchr(prefixes, bytes[at], sizeof prefixes))
        at++;
    return at;
}

/* Whether the next instruction is never run after this one: jmp, ret, iret. */
static bool ends_path(const unsigned char *bytes, size_t length)
{
    size_t at = opcode_at(bytes, length);
    unsigned char opcode = bytes[at];
    if (opcode == 0xff && at + 1 < length)
        return (bytes[at + 1] >> 3 & 7) == 4 || (bytes[at + 1] >> 3 & 7) == 5;
    return opcode == 0xc2 || opcode == 0xc3 || opcode == 0xca || opcode == 0xcb || opcode == 0xcf ||
           opcode == 0xe9 || opcode == 0xea || opcode == 0xeb;
}

/* What assemblers align with: nop, lea or mov of a register to itself. */
static bool is_nop(const unsigned char *bytes, size_t length)
{
    size_t at = opcode_at(bytes, length);
    unsigned char next = at + 1 < length ? bytes[at + 1] : 0;
    bool is_lea =
        bytes[at] == 0x8d && (next == 0x74 || next == 0xb4 || next == 0x76 || next == 0xb6);
    return bytes[at] == 0x90 || (bytes[at] == 0x0f && next == 0x1f) || is_lea ||
           (bytes[at] == 0x89 && next == 0xf6);
}

static void add_edge(struct dissection *cut, uint32_t from, uint32_t to)
{
    if (from == to || to == NONE)
        return;
    *list_add(cut->arena, &cut->from) = from;
    *list_add(cut->arena, &cut->to) = to;
}

/* The reference within an instruction, or NULL. */
static const struct ref *ref_within(const struct ref *refs, uint32_t count, uint32_t *next,
                                    uint64_t from, uint64_t to)
{
    while (*next < count && refs[*next].offset < from)
        ++*next;
    return *next < count && refs[*next].offset < to ? &refs[*next] : NULL;
}

struct stretch { /* of an atom that is followed, instruction by instruction */
    struct dissection *cut;
    uint32_t atom, row, end;
    const struct atom *its;
    const struct ref *refs;
    uint32_t next_ref;
    const unsigned char *bytes;
    bool goes_on; /* the instruction before leads to the next */
};

/* Steps into the row that begins here; false: one begins within an instruction. */
static bool enter_row(struct stretch *stretch, uint64_t at)
{
    const struct survey *survey = stretch->cut->survey;
    while (stretch->row + 1 < stretch->end && survey_row(survey, stretch->row + 1)->in_atom <= at) {
        if (survey_row(survey, stretch->row + 1)->in_atom < at)
            return false;
        if (stretch->goes_on)
            add_edge(stretch->cut, stretch->row, stretch->row + 1);
        stretch->row++;
    }
    return true;
}

/* The instruction's length, or 0: there is none, or it leads out of the section. */
static size_t follow(struct stretch *stretch, uint64_t at)
{
    struct instruction instruction;
    const unsigned char *bytes = stretch->bytes + at;
    size_t length = decode(stretch->cut->decoder, bytes, stretch->its->size - at, at, &instruction);
    if (!length)
        return 0;
    uint64_t place = stretch->its->offset + at;
    const struct ref *ref = ref_within(stretch->refs, stretch->its->ref_count, &stretch->next_ref,
                                       place, place + length);
    if (instruction.is_branch && !ref) {
        if (instruction.target >= stretch->its->size)
            return 0;
        const struct graph *graph = stretch->cut->survey->graph;
        add_edge(stretch->cut, stretch->row,
                 graph_row_at(graph, stretch->atom, instruction.target));
    }
    const struct object *object = atom_object(stretch->cut->survey->link, stretch->atom);
    bool is_last = ref && begins_with(object->symbols[ref->symbol].name, "__stack_chk_fail");
    if (!is_nop(bytes, length))
        stretch->goes_on = !is_last && !ends_path(bytes, length);
    return length;
}

/* Adds the edges between an atom's rows; false: its bytes are not all instructions. */
static bool follow_code(struct dissection *cut, uint32_t row)
{
    const struct survey *survey = cut->survey;
    uint32_t atom = survey_row(survey, row)->atom;
    struct stretch stretch = {.cut = cut,
                              .atom = atom,
                              .row = row,
                              .end = row + survey->graph->row_counts[atom],
                              .its = atom_of(survey->link, atom)};
    stretch.refs = atom_object(survey->link, atom)->refs + stretch.its->first_ref;
    stretch.bytes = atom_section(survey->link, atom)->bytes + stretch.its->offset;
    for (uint64_t at = 0; at < stretch.its->size;) {
        size_t length = enter_row(&stretch, at) ? follow(&stretch, at) : 0;
        if (!length)
            return false;
        at += length;
    }
    return true;
}

static void dissect(struct dissection *cut, uint32_t row)
{
    const struct survey *survey = cut->survey;
    const struct report_row *its = survey_row(survey, row);
    size_t edges = cut->from.count;
    bool stays = root_reason(survey->link, its->atom) && its->atom != survey->link->entry_atom;
    if (stays || !is_compiled(its))
        return;
    bool is_code = atom_section(survey->link, its->atom)->flags & SECTION_EXEC;
    cut->atoms[its->atom] = !is_code || (cut->decoder && row_bytes(survey->link, its) &&
                                         its->in_atom == 0 && follow_code(cut, row));
    if (!cut->atoms[its->atom])
        cut->from.count = cut->to.count = edges;
}

void look_at_sections(struct survey *survey, struct decoder *decoder)
{
    const struct graph *graph = survey->graph;
    struct dissection cut = {.survey = survey, .arena = graph->arena, .decoder = decoder};
    struct graph finer;
    cut.atoms = NEW_ARRAY(graph->arena, uint8_t, survey->link->atom_count + 1u);
    for (uint32_t row = 0; row < graph->rows; row++) {
        uint32_t atom = survey_row(survey, row)->atom;
        if (atom != NONE && graph->atom_nodes[atom] != NONE && graph->row_of_atom[atom] == row)
            dissect(&cut, row);
    }
    struct graph_cut how = {cut.atoms, cut.from.at, cut.to.at, cut.from.count};
    graph_build(&finer, survey->link, graph->report, graph->arena, &how);
    const uint8_t *before = graph_reached(graph), *after = graph_reached(&finer);
    for (uint32_t row = 0; row < graph->rows; row++) {
        const struct report_row *its = survey_row(survey, row);
        if (its->atom == NONE || !survey_counts(survey, its) || after[row])
            continue;
        if (!before[row])
            survey_count(survey, SAVE_GC, graph->report->has_gc ? 0 : its->size, its->object);
        else if (cut.atoms[its->atom])
            survey_count(survey, its->kind == WELT_SPAN_CODE ? SAVE_FUNCTIONS : SAVE_DATA,
                         its->size, its->object);
    }
}
