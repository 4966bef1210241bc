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
 *     -Os                            frames, and local variables that live there; alignment of
 *                                    functions
 *     -malign-data=abi               alignment of data, of GCC's: it has the option
 *     -mpreferred-stack-boundary=2   alignment of the stack, of GCC's as well
 *     -Oz                            small numbers in registers, of clang's
 *     --gc-sections                  what nothing reaches, where nothing is dropped
 *
 * Where the objects show a part of what an option would save, that part is told as the least. */
#include "report/advise.h"
#include "report/survey.h"

#include "ask.h"
#include "support/decode.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *flag, *why;
    bool at_least;
} savings[SAVINGS] = {
    [SAVE_GC] = {"--gc-sections", "nothing reaches them", false},
    [SAVE_FUNCTIONS] = {"-ffunction-sections", "functions that nothing calls share a section",
                        false},
    [SAVE_DATA] = {"-fdata-sections beside -ffunction-sections",
                   "data that nothing uses shares a section", false},
    [SAVE_ENDBR] = {"-fcf-protection=none", "endbr at the head of functions", false},
    [SAVE_PIC] = {"-fno-pic -fno-pie", "finding the table of addresses, and the table", true},
    [SAVE_UNWIND] = {"-fno-asynchronous-unwind-tables", "unwind tables", false},
    [SAVE_PROTECTOR] = {"-fno-stack-protector", "calls of __stack_chk_fail, their tests on top",
                        true},
    [SAVE_OPTIMIZE] = {"-Os", "frames, and local variables in memory", true},
    [SAVE_ALIGN_CODE] = {"-Os", "alignment of functions", true},
    [SAVE_ALIGN_DATA] = {"-malign-data=abi", "alignment of large data", true},
    [SAVE_SMALL_NUMBERS] = {"-Oz", "small numbers in registers", true},
    [SAVE_ALIGN_STACK] = {"-mpreferred-stack-boundary=2", "keeping the stack aligned to 16 bytes",
                          true},
};

/* ---- for both parts ---- */

void survey_count(struct survey *survey, enum saving saving, uint64_t bytes, const char *object)
{
    struct counter *counter = &survey->all[saving];
    counter->saved += bytes;
    if (!object || !bytes || object == counter->last || object == counter->first)
        return;
    counter->last = object;
    if (!counter->objects++)
        counter->first = object;
}

const struct report_row *survey_row(const struct survey *survey, uint32_t row)
{
    return &survey->graph->report->rows.at[row];
}

bool survey_counts(const struct survey *survey, const struct report_row *row)
{
    return budget_counts(survey->budget, row);
}

const unsigned char *row_bytes(const struct link *link, const struct report_row *row)
{
    const struct section *section = atom_section(link, row->atom);
    const struct atom *atom = atom_of(link, row->atom);
    return section->bytes ? section->bytes + atom->offset + row->in_atom : NULL;
}

bool begins_with(const char *name, const char *prefix)
{
    return name && strncmp(name, prefix, strlen(prefix)) == 0;
}

bool is_compiled(const struct report_row *row)
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

/* ---- what the bytes and references of a row show ---- */

static bool is_by_gcc(const struct object *object)
{
    return object_compiler(object) == COMPILER_GCC;
}

enum { ENDBR = 4 };

static bool is_endbr(const unsigned char *bytes, uint64_t size)
{
    return size >= ENDBR && memcmp(bytes, "\xf3\x0f\x1e", 3) == 0 &&
           (bytes[3] == 0xfa || bytes[3] == 0xfb);
}

static void look_for_endbr(struct survey *survey, const struct report_row *row)
{
    const unsigned char *bytes = row_bytes(survey->link, row);
    if (row->kind == WELT_SPAN_CODE && bytes && is_endbr(bytes, row->size))
        survey_count(survey, SAVE_ENDBR, ENDBR, row->object);
}

static void look_for_stack_alignment(struct survey *survey, const struct report_row *row)
{
    const unsigned char *bytes = row_bytes(survey->link, row);
    uint64_t found = 0;
    if (row->kind == WELT_SPAN_CODE && bytes && is_compiled(row))
        found = stack_alignment_in(bytes, row->size, strcmp(row_name(row), "main") == 0);
    if (found && is_by_gcc(atom_object(survey->link, row->atom)))
        survey_count(survey, SAVE_ALIGN_STACK, found, row->object);
}

/* The bytes of the instruction that ends with a field of four: its opcode before it, and a prefix
 * where 32-bit operands are asked for in 16-bit code. */
static uint64_t length_with(const unsigned char *section, uint64_t field, uint64_t opcode)
{
    bool has_prefix = field > opcode && section[field - opcode - 1] == 0x66;
    return 4 + opcode + has_prefix;
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
    if (is_call && begins_with(name, "__x86.get_pc_thunk"))
        survey_count(survey, SAVE_PIC, length_with(bytes, ref->offset, 1), row->object);
    else if (ref_kinds[ref->kind].operation == REF_GOT_ADDRESS)
        survey_count(survey, SAVE_PIC,
                     length_with(bytes, ref->offset, bytes[ref->offset - 2] == 0x81 ? 2 : 1),
                     row->object);
    else if (is_call && begins_with(name, "__stack_chk_fail"))
        survey_count(survey, SAVE_PROTECTOR, length_with(bytes, ref->offset, 1), row->object);
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
    look_for_stack_alignment(survey, row);
    look_at_refs(survey, row);
    if (begins_with(row->symbol, "__x86.get_pc_thunk") || row->atom == survey->link->got_atom)
        survey_count(survey, SAVE_PIC, row->size, row->object);
    if (begins_with(row->section, ".eh_frame"))
        survey_count(survey, SAVE_UNWIND, row->size, row->object);
}

/* ---- code without optimisation ----
 *
 * Such code has a frame in each function and its local variables in the frame:
 *
 *     66 55 66 89 e5    push %ebp; mov %esp, %ebp       66 c9    leave
 *     67 66 8b 45 f4    mov -12(%ebp), %eax
 *
 * Optimised it has no frames, and variables in registers: no displacement, no prefix for a 32-bit
 * address. These are the bytes that are counted, and they are the least of it. An optimised
 * function may have a frame where registers are short: so each must have one, and use it. */
struct unoptimised { /* of an input */
    uint64_t frames, accesses;
    uint64_t others; /* functions without a frame */
    uint64_t saved;
};

/* What a function's frame takes, with operand prefixes in 16-bit code, with REX in 64-bit code; 0:
 * it begins with none. */
static uint64_t frame_size(const unsigned char *bytes, uint64_t size)
{
    static const struct {
        unsigned char begin[5];
        uint8_t size, leave;
    } frames[] = {{{0x66, 0x55, 0x66, 0x89, 0xe5}, 5, 2},
                  {{0x55, 0x48, 0x89, 0xe5}, 4, 1},
                  {{0x55, 0x89, 0xe5}, 3, 1}};
    uint64_t skipped = is_endbr(bytes, size) ? ENDBR : 0;
    bytes += skipped;
    size -= skipped;
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        if (size > frames[i].size && memcmp(bytes, frames[i].begin, frames[i].size) == 0)
            return frames[i].size + frames[i].leave;
    return 0;
}

bool begins_with_frame(const unsigned char *bytes, uint64_t size)
{
    return bytes && frame_size(bytes, size) != 0;
}

/* Whether a mov, add, sub, cmp or inc at an offset has an operand -N(%ebp). */
static bool is_slot_access(const unsigned char *bytes, uint64_t size, uint64_t at)
{
    static const unsigned char opcodes[] = {0x89, 0x8b, 0xc7, 0x83, 0x03, 0x2b, 0x3b, 0x39, 0xff};
    return at + 2 < size && memchr(opcodes, bytes[at], sizeof opcodes) &&
           (bytes[at + 1] & 0xc7) == 0x45 && bytes[at + 2] >= 0x80;
}

static void look_at_frame(const struct survey *survey, const struct report_row *row,
                          struct unoptimised *all)
{
    const unsigned char *bytes = row_bytes(survey->link, row);
    struct unoptimised *its = &all[survey->link->atoms[row->atom].input];
    bool is_function = row->kind == WELT_SPAN_CODE && bytes && is_compiled(row) &&
                       strcmp(row_name(row), "main") != 0 &&
                       !begins_with(row->symbol, "__x86."); /* a compiler's own */
    uint64_t frame = is_function ? frame_size(bytes, row->size) : 0;
    its->others += is_function && !frame;
    if (!frame)
        return;
    its->frames++;
    its->saved += frame;
    for (uint64_t at = 2; at < row->size; at++) {
        if (!is_slot_access(bytes, row->size, at))
            continue;
        its->accesses++;
        its->saved +=
            1 + (bytes[at - 1] == 0x67 || (bytes[at - 1] == 0x66 && bytes[at - 2] == 0x67));
    }
}

static void look_for_optimisation(struct survey *survey)
{
    const struct link *link = survey->link;
    struct unoptimised *all =
        NEW_ARRAY(survey->graph->arena, struct unoptimised, link->inputs.count + 1);
    for (uint32_t row = 0; row < survey->graph->rows; row++) {
        const struct report_row *its = survey_row(survey, row);
        if (its->atom != NONE && survey_counts(survey, its))
            look_at_frame(survey, its, all);
    }
    for (size_t i = 0; i < link->inputs.count; i++)
        if (all[i].frames >= 2 && !all[i].others && all[i].accesses >= 2 * all[i].frames)
            survey_count(survey, SAVE_OPTIMIZE, all[i].saved, link->titles[i]);
}

/* ---- alignment ---- */

/* GCC aligns data of 32 bytes and more by 32 ("compat"; GCC's manual, 3.19.59 "x86 Options"), to
 * which the ABI's 4 would do for what it is mostly made of. */
enum { COMPAT_ALIGN = 32, ABI_ALIGN = 4 };

static void look_at_data_padding(struct survey *survey, const struct report_row *padding,
                                 const struct report_row *next)
{
    uint64_t wanted = (ABI_ALIGN - padding->address % ABI_ALIGN) % ABI_ALIGN;
    bool is_gccs = atom_of(survey->link, next->atom)->align == COMPAT_ALIGN &&
                   next->size >= COMPAT_ALIGN && padding->size > wanted &&
                   is_by_gcc(atom_object(survey->link, next->atom));
    if (is_gccs)
        survey_count(survey, SAVE_ALIGN_DATA, padding->size - wanted, next->object);
}

/* Padding goes by what stands behind it. */
static void look_at_padding(struct survey *survey, uint32_t row)
{
    const struct report *report = survey->graph->report;
    const struct report_row *its = survey_row(survey, row);
    const struct report_row *next = row + 1 < report->rows.count ? its + 1 : NULL;
    if (!next || next->atom == NONE || atom_of(survey->link, next->atom)->align < 2 ||
        !is_compiled(next))
        return;
    if (next->kind == WELT_SPAN_CODE)
        survey_count(survey, SAVE_ALIGN_CODE, its->size, next->object);
    else
        look_at_data_padding(survey, its, next);
}

static void look_at_rows(struct survey *survey)
{
    for (uint32_t row = 0; row < survey->graph->rows; row++) {
        const struct report_row *its = survey_row(survey, row);
        if (!survey_counts(survey, its))
            continue;
        if (its->atom != NONE)
            look_at_row(survey, its);
        else if (its->kind == WELT_SPAN_PADDING)
            look_at_padding(survey, row);
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
            (struct report_flag){savings[saving].flag, savings[saving].why, where, counter->saved,
                                 savings[saving].at_least};
}

/* A machine without Zydis links all the same, and says less. Of an object that is made (-r) nothing
 * says what reaches what. */
void find_flags(const struct graph *graph, struct report_advice *advice)
{
    struct survey survey = {
        .graph = graph, .link = graph->link, .budget = &graph->report->budgets.at[advice->budget]};
    look_at_rows(&survey);
    look_for_optimisation(&survey);
    if (graph->link->form.kind != FORM_RELOCATABLE) {
        struct decoder *decoder = decoder_try_open(graph->link->host, DECODE_16);
        look_at_sections(&survey, decoder);
        look_for_small_numbers(&survey, decoder);
        decoder_close(graph->link->host, decoder);
    }
    for (int saving = 0; saving < SAVINGS; saving++)
        add_flag(&survey, (enum saving)saving, advice);
    if (advice->flags.count)
        qsort(advice->flags.at, advice->flags.count, sizeof *advice->flags.at, compare_flags);
}
