/* SPDX-License-Identifier: MIT
 *
 * Options of compilers that would make a program smaller, each with the bytes that the objects
 * show; what they don't show is not said.
 *
 *     -ffunction-sections            functions that nothing calls but that share a section with
 *     -fdata-sections                others that something does; the same for data
 *     -fcf-protection=none           endbr32, endbr64
 *     -fno-pic                       thunks and their calls, the table's address, the table
 *     -fno-asynchronous-unwind-tables  .eh_frame, where it is not dropped anyway
 *     -fno-stack-protector           calls of __stack_chk_fail
 *     -Os, -malign-data=abi          alignment of functions and of data
 *     --gc-sections                  what nothing reaches, where nothing is dropped
 *
 * Calls within a section need no relocation, so who calls whom there is read from the code itself.
 * That is believed only where the section decodes from its first byte to its last and every symbol
 * is at an instruction's beginning. */
#include "report/advise.h"

#include "ask.h"
#include "support/decode.h"

#include <stdlib.h>
#include <string.h>

enum saving {
    SAVE_GC,
    SAVE_FUNCTIONS,
    SAVE_DATA,
    SAVE_ENDBR,
    SAVE_PIC,
    SAVE_UNWIND,
    SAVE_PROTECTOR,
    SAVE_ALIGN_CODE,
    SAVE_ALIGN_DATA,
    SAVINGS
};

static const struct {
    const char *flag, *why;
} savings[SAVINGS] = {
    [SAVE_GC] = {"--gc-sections", "nothing reaches them"},
    [SAVE_FUNCTIONS] = {"-ffunction-sections", "functions that nothing calls share a section"},
    [SAVE_DATA] = {"-fdata-sections beside -ffunction-sections",
                   "data that nothing uses shares a section"},
    [SAVE_ENDBR] = {"-fcf-protection=none", "endbr at the head of functions"},
    [SAVE_PIC] = {"-fno-pic -fno-pie", "finding the table of addresses, and the table"},
    [SAVE_UNWIND] = {"-fno-asynchronous-unwind-tables", "unwind tables"},
    [SAVE_PROTECTOR] = {"-fno-stack-protector", "calls of __stack_chk_fail, their tests on top"},
    [SAVE_ALIGN_CODE] = {"-Os or -falign-functions=1", "alignment of functions"},
    [SAVE_ALIGN_DATA] = {"-malign-data=abi or smaller alignments", "alignment of data"},
};

struct counter {
    uint64_t saved;
    const char *first; /* the object that came first */
    const char *last;  /* the newest: objects come one after the other, more or less */
    uint32_t objects;
};

struct survey {
    const struct graph *graph;
    struct link *link;
    const struct report_budget *budget;
    struct counter all[SAVINGS];
};

static void count(struct survey *survey, enum saving saving, uint64_t bytes, const char *object)
{
    struct counter *counter = &survey->all[saving];
    counter->saved += bytes;
    if (!object || !bytes || object == counter->last || object == counter->first)
        return;
    counter->last = object;
    if (!counter->objects++)
        counter->first = object;
}

static const struct report_row *row_at(const struct survey *survey, uint32_t row)
{
    return &survey->graph->report->rows.at[row];
}

static bool counts(const struct survey *survey, const struct report_row *row)
{
    return budget_counts(survey->budget, row);
}

static const unsigned char *bytes_of(const struct survey *survey, const struct report_row *row)
{
    const struct section *section = atom_section(survey->link, row->atom);
    const struct atom *atom = atom_of(survey->link, row->atom);
    return section->bytes ? section->bytes + atom->offset + row->in_atom : NULL;
}

/* ---- what the bytes and references of a row show ---- */

static void look_for_endbr(struct survey *survey, const struct report_row *row)
{
    const unsigned char *bytes = bytes_of(survey, row);
    bool is_endbr = row->kind == WELT_SPAN_CODE && bytes && row->size >= 4 &&
                    memcmp(bytes, "\xf3\x0f\x1e", 3) == 0 && (bytes[3] == 0xfa || bytes[3] == 0xfb);
    if (is_endbr)
        count(survey, SAVE_ENDBR, 4, row->object);
}

/* The bytes of the instruction that ends with a field of four: its opcode before it, and a prefix
 * where 32-bit operands are asked for in 16-bit code. */
static uint64_t length_with(const unsigned char *section, uint64_t field, uint64_t opcode)
{
    bool has_prefix = field > opcode && section[field - opcode - 1] == 0x66;
    return 4 + opcode + has_prefix;
}

static bool is_named(const char *name, const char *prefix)
{
    return name && strncmp(name, prefix, strlen(prefix)) == 0;
}

/* call thunk: E8; add $table, %ebx: 81 C3, or 05 for %eax. */
static void look_at_ref(struct survey *survey, const struct report_row *row, const struct ref *ref)
{
    const struct object *object = atom_object(survey->link, row->atom);
    const struct section *section = atom_section(survey->link, row->atom);
    const char *name = object->symbols[ref->symbol].name;
    const unsigned char *bytes = section->bytes;
    if (!bytes || !(section->flags & SECTION_EXEC) || ref->offset < 3)
        return;
    bool is_call = bytes[ref->offset - 1] == 0xe8;
    if (is_call && is_named(name, "__x86.get_pc_thunk"))
        count(survey, SAVE_PIC, length_with(bytes, ref->offset, 1), row->object);
    else if (ref_kinds[ref->kind].operation == REF_GOT_ADDRESS)
        count(survey, SAVE_PIC,
              length_with(bytes, ref->offset, bytes[ref->offset - 2] == 0x81 ? 2 : 1), row->object);
    else if (is_call && is_named(name, "__stack_chk_fail"))
        count(survey, SAVE_PROTECTOR, length_with(bytes, ref->offset, 1), row->object);
}

static void look_at_refs(struct survey *survey, const struct report_row *row)
{
    const struct atom *atom = atom_of(survey->link, row->atom);
    const struct ref *refs = atom_object(survey->link, row->atom)->refs + atom->first_ref;
    for (uint32_t r = 0; row->in_atom == 0 && r < atom->ref_count; r++)
        look_at_ref(survey, row, &refs[r]); /* of all the atom's rows at once */
}

static void look_at_row(struct survey *survey, const struct report_row *row)
{
    look_for_endbr(survey, row);
    look_at_refs(survey, row);
    if (is_named(row->symbol, "__x86.get_pc_thunk") || row->atom == survey->link->got_atom)
        count(survey, SAVE_PIC, row->size, row->object);
    if (is_named(row->section, ".eh_frame"))
        count(survey, SAVE_UNWIND, row->size, row->object);
}

/* Padding goes by what stands behind it. */
static void look_at_padding(struct survey *survey, uint32_t row)
{
    const struct report *report = survey->graph->report;
    const struct report_row *next = row + 1 < report->rows.count ? row_at(survey, row + 1) : NULL;
    if (!next || next->atom == NONE || atom_of(survey->link, next->atom)->align < 2)
        return;
    bool is_code = next->kind == WELT_SPAN_CODE;
    count(survey, is_code ? SAVE_ALIGN_CODE : SAVE_ALIGN_DATA, row_at(survey, row)->size,
          next->object);
}

static void look_at_rows(struct survey *survey)
{
    for (uint32_t row = 0; row < survey->graph->rows; row++) {
        const struct report_row *its = row_at(survey, row);
        if (!counts(survey, its))
            continue;
        if (its->atom != NONE)
            look_at_row(survey, its);
        else if (its->kind == WELT_SPAN_PADDING)
            look_at_padding(survey, row);
    }
}

/* ---- what would go if each function had a section ---- */

struct dissection {
    struct survey *survey;
    struct arena *arena;
    struct decoder *decoder;
    uint8_t *atoms; /* 1: its rows stand for themselves */
    LIST(uint32_t) from;
    LIST(uint32_t) to;
};

/* Hand-written assembly is not compiled with other options. */
static bool is_compiled(const struct report_row *row)
{
    static const char *const written[] = {".s", ".S", ".asm", ".nas", ".inc"};
    size_t size = row->source ? strlen(row->source) : 0;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        size_t tail = strlen(written[i]);
        if (size >= tail && strcmp(row->source + size - tail, written[i]) == 0)
            return false;
    }
    return size != 0;
}

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
    while (stretch->row + 1 < stretch->end && row_at(survey, stretch->row + 1)->in_atom <= at) {
        if (row_at(survey, stretch->row + 1)->in_atom < at)
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
    bool is_last = ref && is_named(object->symbols[ref->symbol].name, "__stack_chk_fail");
    if (!is_nop(bytes, length))
        stretch->goes_on = !is_last && !ends_path(bytes, length);
    return length;
}

/* Adds the edges between an atom's rows; false: its bytes are not all instructions. */
static bool follow_code(struct dissection *cut, uint32_t row)
{
    const struct survey *survey = cut->survey;
    uint32_t atom = row_at(survey, row)->atom;
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
    const struct report_row *its = row_at(survey, row);
    size_t edges = cut->from.count;
    bool stays = root_reason(survey->link, its->atom) && its->atom != survey->link->entry_atom;
    if (stays || !is_compiled(its))
        return;
    bool is_code = atom_section(survey->link, its->atom)->flags & SECTION_EXEC;
    cut->atoms[its->atom] = !is_code || (cut->decoder && bytes_of(survey, its) &&
                                         its->in_atom == 0 && follow_code(cut, row));
    if (!cut->atoms[its->atom])
        cut->from.count = cut->to.count = edges;
}

static void look_at_sections(struct survey *survey, struct decoder *decoder)
{
    const struct graph *graph = survey->graph;
    struct dissection cut = {.survey = survey, .arena = graph->arena, .decoder = decoder};
    struct graph finer;
    cut.atoms = NEW_ARRAY(graph->arena, uint8_t, survey->link->atom_count + 1u);
    for (uint32_t row = 0; row < graph->rows; row++) {
        uint32_t atom = row_at(survey, row)->atom;
        if (atom != NONE && graph->atom_nodes[atom] != NONE && graph->row_of_atom[atom] == row)
            dissect(&cut, row);
    }
    struct graph_cut how = {cut.atoms, cut.from.at, cut.to.at, cut.from.count};
    graph_build(&finer, survey->link, graph->report, graph->arena, &how);
    const uint8_t *before = graph_reached(graph), *after = graph_reached(&finer);
    for (uint32_t row = 0; row < graph->rows; row++) {
        const struct report_row *its = row_at(survey, row);
        if (its->atom == NONE || !counts(survey, its) || after[row])
            continue;
        if (!before[row])
            count(survey, SAVE_GC, graph->report->has_gc ? 0 : its->size, its->object);
        else if (cut.atoms[its->atom])
            count(survey, its->kind == WELT_SPAN_CODE ? SAVE_FUNCTIONS : SAVE_DATA, its->size,
                  its->object);
    }
}

/* ---- the whole ---- */

static int compare_flags(const void *left, const void *right)
{
    const struct report_flag *a = left, *b = right;
    if (a->saved != b->saved)
        return a->saved > b->saved ? -1 : 1;
    return strcmp(a->flag, b->flag);
}

static void add_flag(struct survey *survey, enum saving saving, struct report_advice *advice)
{
    struct arena *arena = &survey->graph->report->arena;
    const struct counter *counter = &survey->all[saving];
    const char *where = counter->first;
    if (counter->objects > 1)
        where = arena_format(arena, "%s and others", where);
    if (counter->saved)
        *list_add(arena, &advice->flags) =
            (struct report_flag){savings[saving].flag, savings[saving].why, where, counter->saved};
}

/* A machine without Zydis links all the same, and says less. */
void find_flags(const struct graph *graph, struct report_advice *advice)
{
    struct survey survey = {
        .graph = graph, .link = graph->link, .budget = &graph->report->budgets.at[advice->budget]};
    struct decoder *decoder = decoder_try_open(graph->link->host, DECODE_16);
    look_at_rows(&survey);
    look_at_sections(&survey, decoder);
    decoder_close(graph->link->host, decoder);
    for (int saving = 0; saving < SAVINGS; saving++)
        add_flag(&survey, (enum saving)saving, advice);
    if (advice->flags.count)
        qsort(advice->flags.at, advice->flags.count, sizeof *advice->flags.at, compare_flags);
}
