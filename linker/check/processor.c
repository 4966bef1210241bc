/* SPDX-License-Identifier: MIT
 *
 * Instructions that the processor does not have.
 *
 *     cpu   above the level that --cpu names
 *     sse   SSE in an image where nothing sets CR4: it faults, and a boot image without a handler
 *           stops without a word (Intel SDM, volume 3, 13.1.3)
 *
 * What compilers wrote, functions with a size, is decoded from beginning to end; hand-written code
 * has data in between and is decoded where the walk from the entry comes by, or where references
 * show that a label is code's (off_the_way.c). Before Zydis is opened for `sse`, the code is
 * searched for the bytes that such instructions begin with. */
#include "check/walk.h"

#include "ask.h"

enum { MOST_TOLD = 20, RETURN = 0xc3, OPERAND_SIZE = 0x66 };

struct finder {
    struct link *link;
    struct decoder *decoder;
    struct modes modes;
    uint8_t *of_inputs; /* 1 + bits of most of the object's code, 0 in doubt; 0: nobody asked */
    uint8_t level;      /* enum processor */
    bool wants_sse;
    unsigned found[DIAGNOSTIC_COUNT];
    const struct span *sse_in; /* told of once for each span */
};

static const char *const processors[] = {
    [CPU_8086] = "8086", [CPU_186] = "186",
    [CPU_286] = "286",   [CPU_386] = "386",
    [CPU_486] = "486",   [CPU_586] = "586",
    [CPU_686] = "686",   [CPU_LATER] = "processor after the 686",
};

/* ---- one instruction ---- */

static void look_at(struct finder *finder, const struct span *span, uint64_t at)
{
    struct demand demand = decode_demand(finder->decoder);
    bool is_above = demand.processor > finder->level;
    bool is_sse = demand.is_sse && finder->wants_sse && !is_above;
    char text[INSTRUCTION_TEXT];
    if ((!is_above && !is_sse) || (is_sse && finder->sse_in == span))
        return;
    enum diagnostic_name check = is_sse ? CHECK_SSE : CHECK_CPU;
    if (++finder->found[check] > MOST_TOLD)
        return;
    decode_text(finder->decoder, text, sizeof text);
    struct place place = step_place(finder->link, span, at);
    if (is_sse)
        finder->sse_in = span;
    if (is_sse)
        check_found(finder->link->host, check, place, NULL,
                    "`%s' is an SSE instruction, and nothing here enables SSE", text);
    else
        check_found(finder->link->host, check, place, NULL, "`%s' needs a %s, --cpu is %s", text,
                    processors[demand.processor], processors[finder->level]);
}

/* ---- compiled functions ---- */

static const struct symbol *function_at(const struct link *link, const struct span *span)
{
    const struct symbol *symbol = span->atom != NONE ? link->atom_names[span->atom] : NULL;
    bool is_function = symbol && symbol->kind == SYMBOL_FUNCTION && symbol->size;
    return is_function && span->kind == WELT_SPAN_CODE ? symbol : NULL;
}

static void look_at_span(struct finder *finder, const struct span *span)
{
    const unsigned char *bytes = finder->link->image + span->file_offset;
    struct instruction its;
    for (uint64_t at = 0; at < span->size; at += its.length) {
        if (!decode(finder->decoder, bytes + at, span->size - at, span->address + at, &its))
            return;
        look_at(finder, span, at);
    }
}

/* What compilers end a function with in 16-bit mode: 66 c3, for all their addresses have 32 bits.
 */
static bool returns_long(const struct link *link, const struct span *span)
{
    const unsigned char *bytes = link->image + span->file_offset;
    bool returns = span->size && bytes[span->size - 1] == RETURN;
    return !returns || (span->size >= 2 && bytes[span->size - 2] == OPERAND_SIZE);
}

/* Compiled for 32 bits, it is no business of a level of real-mode code. A function without a
 * reference is of the mode of its object's others. */
static bool is_narrow(struct finder *finder, const struct span *span)
{
    struct link *link = finder->link;
    uint32_t input = link->atoms[span->atom].input;
    const struct object *object = atom_object(link, span->atom);
    const struct section *section = atom_section(link, span->atom);
    struct mode_fit fit = {.bits = 0};
    if (section->ref_count)
        fit = mode_of(link->host, &finder->modes, object, atom_of(link, span->atom)->section);
    if (!fit.bits && !finder->of_inputs[input])
        finder->of_inputs[input] =
            (uint8_t)(1 + mode_of_object(link->host, &finder->modes, object));
    unsigned bits = fit.bits ? fit.bits : finder->of_inputs[input] - 1u;
    return bits ? bits == 16 : returns_long(link, span);
}

static void look_at_functions(struct finder *finder)
{
    struct link *link = finder->link;
    finder->of_inputs = NEW_ARRAY(&link->arena, uint8_t, link->inputs.count + 1);
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->in_file && function_at(link, span) && is_narrow(finder, span))
            look_at_span(finder, span);
    }
}

/* ---- hand-written code ---- */

static void look_on_the_way(struct walk *walk, const struct machine *machine,
                            const struct step *step)
{
    (void)machine;
    if (!function_at(walk->link, step->span))
        look_at(walk->to, step->span, step->at);
}

static void ignore_return(struct walk *walk, const struct frame *frame, unsigned width)
{
    (void)walk;
    (void)frame;
    (void)width;
}

static void look_from_entry(struct finder *finder)
{
    struct walk walk = {.link = finder->link,
                        .decoder = finder->decoder,
                        .visit = look_on_the_way,
                        .visit_return = ignore_return,
                        .to = finder};
    uint32_t entry = finder->link->entry_atom;
    if (entry != NONE && finder->link->atoms[entry].is_live &&
        finder->link->atoms[entry].output != NONE)
        walk_from_entry(&walk);
    if (walk.seen)
        walk_off_the_way(&walk, &finder->modes);
}

static void tell_the_rest(const struct finder *finder, enum diagnostic_name check)
{
    unsigned found = finder->found[check];
    if (found > MOST_TOLD)
        diagnose(finder->link->host, WELT_NOTE, diagnostic_rows[check].id, (struct place){0}, NULL,
                 "%u more of these instructions are not shown", found - MOST_TOLD);
}

/* ---- whether to look at all ---- */

static bool begins_sse(unsigned char second)
{
    return (second >= 0x10 && second <= 0x17) || (second >= 0x28 && second <= 0x2f) ||
           (second >= 0x50 && second <= 0x7f) || second == 0xc2 ||
           (second >= 0xc4 && second <= 0xc6) || second >= 0xd0;
}

/* 0F 22 /4: mov cr4, from whatever register. */
static bool sets_cr4(const unsigned char *bytes)
{
    return bytes[1] == 0x22 && (bytes[2] & 0xf8) == 0xe0;
}

struct hints {
    bool maybe_sse, sets_cr4;
};

static void look_for_hints(const struct link *link, const struct span *span, struct hints *hints)
{
    const unsigned char *bytes = link->image + span->file_offset;
    for (uint64_t i = 0; i + 3 <= span->size; i++) {
        if (bytes[i] != 0x0f)
            continue;
        hints->maybe_sse |= begins_sse(bytes[i + 1]);
        hints->sets_cr4 |= sets_cr4(bytes + i);
    }
}

static bool may_have_sse(const struct link *link)
{
    struct hints hints = {false, false};
    for (size_t i = 0; i < link->spans.count; i++)
        if (link->spans.at[i].kind == WELT_SPAN_CODE && link->spans.at[i].in_file)
            look_for_hints(link, &link->spans.at[i], &hints);
    return hints.maybe_sse && !hints.sets_cr4;
}

void check_processor(struct link *link)
{
    welt_cpu given = link->set->given.cpu;
    bool has_level = given != WELT_CPU_ANY && check_applies(link, CHECK_CPU);
    struct finder finder = {.link = link,
                            .level =
                                has_level ? (uint8_t)(given - WELT_CPU_8086) : (uint8_t)CPU_LATER,
                            .wants_sse = check_applies(link, CHECK_SSE) && may_have_sse(link)};
    if (!has_level && !finder.wants_sse)
        return;
    finder.decoder = decoder_try_open(link->host, DECODE_16);
    if (!finder.decoder)
        return;
    look_at_functions(&finder);
    look_from_entry(&finder);
    tell_the_rest(&finder, CHECK_CPU);
    tell_the_rest(&finder, CHECK_SSE);
    modes_close(link->host, &finder.modes);
    decoder_close(link->host, finder.decoder);
}
