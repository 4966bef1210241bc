/* SPDX-License-Identifier: MIT
 *
 * The built-in functions of expressions (manual 3.10.9). */
#include "script/evaluate.h"

/* ---- functions ---- */

static uint64_t align_up(uint64_t value, uint64_t align)
{
    if (align <= 1)
        return value;
    return (value + align - 1) / align * align;
}

static uint64_t log2_ceil(uint64_t value)
{
    uint64_t result = 0;
    while (result < 64 && (uint64_t)1 << result < value)
        result++;
    return result;
}

static struct value evaluate_align(struct evaluator *evaluator, const struct expr *expr)
{
    struct value a = value_of(evaluator, expr->a);
    if (!expr->b)
        return a.known ? value_of_address(evaluator, align_up(evaluator->with->dot, value_bits(a)))
                       : unknown_value();
    struct value b = value_of(evaluator, expr->b);
    if (!a.known || !b.known)
        return unknown_value();
    value_harmonize(evaluator, &a, &b);
    return make_value(align_up(value_bits(a), value_bits(b)), value_joint_section(a, b));
}

/* The larger or the smaller one keeps its section. */
static struct value evaluate_extreme(struct evaluator *evaluator, const struct expr *expr)
{
    struct value a = value_of(evaluator, expr->a), b = value_of(evaluator, expr->b);
    if (!a.known || !b.known)
        return unknown_value();
    value_harmonize(evaluator, &a, &b);
    bool takes_a = value_bits(a) > value_bits(b);
    if (expr->operation == FUNCTION_MIN)
        takes_a = value_bits(a) < value_bits(b);
    return make_value(takes_a ? value_bits(a) : value_bits(b), value_joint_section(a, b));
}

static struct value evaluate_defined(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    bool defined = false;
    if (with->is_defined)
        defined = with->is_defined(with->user, expr->text);
    else
        with->symbol(with->user, expr->text, &defined);
    return value_number(with, defined);
}

static struct value evaluate_assert(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    struct value value = value_of(evaluator, expr->a);
    if (with->final && value.known && !value.number)
        script_diagnose(with->host, WELT_ERROR, "assert", &expr->place,
                        "assertion does not hold: %.400s", expr->text);
    return value;
}

static struct value evaluate_checksum(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    struct value first = value_of(evaluator, expr->a), last = value_of(evaluator, expr->b);
    if (!first.known || !last.known || !with->checksum)
        return unknown_value();
    struct value sum =
        with->checksum(with->user, value_absolute(first, with), value_absolute(last, with));
    return sum.known ? value_number(with, value_bits(sum)) : unknown_value();
}

/* ---- properties of sections and regions ---- */

static const char *missing_text(unsigned function)
{
    switch (function) {
    case FUNCTION_ORIGIN:
    case FUNCTION_LENGTH: return "there is no memory region `%.200s'";
    case FUNCTION_CONSTANT:
        return "there is no constant `%.200s': known are MAXPAGESIZE and COMMONPAGESIZE";
    default: return "there is no output section `%.200s'";
    }
}

/* lld takes the size and the alignment of a section that there is not for 0. */
static struct value missing_property(const struct evaluator *evaluator, const struct expr *expr)
{
    bool is_zero = expr->operation == FUNCTION_SIZEOF || expr->operation == FUNCTION_ALIGNOF;
    if (is_zero && evaluator->with->absolute_dot)
        return make_value(0, VALUE_ABSOLUTE);
    return value_complain(evaluator, expr, missing_text(expr->operation), expr->text);
}

static struct value evaluate_property(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    bool missing = false;
    struct value value = with->property(with->user, expr->name, expr->text, &missing);
    if (missing)
        return missing_property(evaluator, expr);
    if (!value.known)
        return value_complain(evaluator, expr, "%.200s has no value yet", expr->name);
    switch (expr->operation) {
    case FUNCTION_ORIGIN: return value_of_address(evaluator, value_bits(value));
    case FUNCTION_LOADADDR: return make_value(value_absolute(value, with), VALUE_ABSOLUTE);
    case FUNCTION_ADDR:
        return with->absolute_dot ? make_value(value_absolute(value, with), VALUE_ABSOLUTE) : value;
    default: return value_number(with, value_bits(value));
    }
}

/* The segment's address from the command line, or the default, whose bits count whatever it is
 * relative to. */
static struct value evaluate_segment_start(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    struct value fallback = value_of(evaluator, expr->a);
    bool missing = false;
    struct value value = with->property(with->user, expr->name, expr->text, &missing);
    if (!missing && value.known)
        return value_of_address(evaluator, value_bits(value));
    return fallback.known ? value_of_address(evaluator, value_bits(fallback)) : unknown_value();
}

/* ---- DATA_SEGMENT_…: see struct data_segment ---- */

/* Where the data segment begins: on the next page at the same offset, so that the file's page that
 * holds the end of the text is mapped a second time; with relro on the page itself. */
static uint64_t begin_data_segment(const struct evaluation *with, uint64_t page, uint64_t common)
{
    struct data_segment *segment = with->data_segment;
    uint64_t next_page = align_up(with->dot, page), offset = page ? with->dot & (page - 1) : 0;
    if (!segment)
        return next_page + offset;
    if (segment->phase == DATA_SEGMENT_RELRO_ADJUST)
        return segment->base;
    if (segment->phase == DATA_SEGMENT_ADJUST)
        return next_page + (common < page ? (with->dot + common - 1) & (page - common) : 0);
    uint64_t base = next_page + (segment->relro ? 0 : offset);
    if (segment->phase == DATA_SEGMENT_NONE)
        *segment = (struct data_segment){.phase = DATA_SEGMENT_ALIGNED,
                                         .relro = segment->relro,
                                         .base = base,
                                         .page_size = page,
                                         .common_page_size = common};
    return base;
}

/* DATA_SEGMENT_RELRO_END(offset, e): e, moved in the adjusting pass so that e + offset ends a page.
 */
static uint64_t end_relro(struct data_segment *segment, uint64_t offset, uint64_t value)
{
    uint64_t mask = segment->page_size ? segment->page_size - 1 : 0;
    bool adjusts = segment->phase == DATA_SEGMENT_RELRO_ADJUST;
    segment->relro_offset = offset;
    if (adjusts || segment->phase == DATA_SEGMENT_ALIGNED)
        segment->relro_end = value + offset;
    if (segment->phase == DATA_SEGMENT_ALIGNED)
        segment->phase = DATA_SEGMENT_RELRO_SEEN;
    if (!adjusts || !(segment->relro_end & mask))
        return value;
    segment->relro_end = (segment->relro_end + mask) & ~mask;
    return segment->relro_end - offset;
}

static void end_data_segment(struct data_segment *segment, uint64_t value)
{
    if (segment->phase != DATA_SEGMENT_ALIGNED && segment->phase != DATA_SEGMENT_RELRO_SEEN)
        return;
    segment->phase = DATA_SEGMENT_ENDED;
    segment->end = value;
}

/* lld: the first page at dot or behind, and dot for the end. */
static struct value evaluate_lld_segment(struct evaluator *evaluator, const struct expr *expr,
                                         struct value a)
{
    const struct evaluation *with = evaluator->with;
    bool missing = false;
    uint64_t align = 1;
    if (expr->operation == FUNCTION_DATA_SEGMENT_ALIGN)
        align = value_bits(a);
    if (expr->operation == FUNCTION_DATA_SEGMENT_RELRO_END)
        align = value_bits(with->property(with->user, "CONSTANT", "MAXPAGESIZE", &missing));
    return make_value(align_up(with->dot, align), VALUE_ABSOLUTE);
}

static struct value evaluate_data_segment(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    struct value a = value_of(evaluator, expr->a);
    struct value b = expr->b ? value_of(evaluator, expr->b) : a;
    if (!a.known || !b.known)
        return unknown_value();
    if (with->absolute_dot)
        return evaluate_lld_segment(evaluator, expr, a);
    if (with->section >= 0)
        return value_complain(evaluator, expr, "%.200s stands outside output sections", expr->name);
    value_harmonize(evaluator, &a, &b);
    int section = value_joint_section(a, b);
    if (expr->operation == FUNCTION_DATA_SEGMENT_ALIGN)
        return make_value(begin_data_segment(with, value_bits(a), value_bits(b)), section);
    if (expr->operation == FUNCTION_DATA_SEGMENT_END && with->data_segment)
        end_data_segment(with->data_segment, value_bits(a));
    if (expr->operation == FUNCTION_DATA_SEGMENT_RELRO_END && with->data_segment)
        return make_value(end_relro(with->data_segment, value_bits(a), value_bits(b)), section);
    return make_value(value_bits(b), section);
}

/* ---- the whole ---- */

struct value value_of_call(struct evaluator *evaluator, const struct expr *expr)
{
    struct value value;
    switch ((enum function)expr->operation) {
    case FUNCTION_ABSOLUTE:
        value = value_of(evaluator, expr->a);
        return value.known ? value_made_absolute(evaluator, value) : value;
    case FUNCTION_ALIGN:
    case FUNCTION_BLOCK: return evaluate_align(evaluator, expr);
    case FUNCTION_ASSERT: return evaluate_assert(evaluator, expr);
    case FUNCTION_CHECKSUM8: return evaluate_checksum(evaluator, expr);
    case FUNCTION_DATA_SEGMENT_ALIGN:
    case FUNCTION_DATA_SEGMENT_END:
    case FUNCTION_DATA_SEGMENT_RELRO_END: return evaluate_data_segment(evaluator, expr);
    case FUNCTION_DEFINED: return evaluate_defined(evaluator, expr);
    case FUNCTION_LOG2CEIL:
        value = value_of(evaluator, expr->a);
        return value.known ? value_number(evaluator->with, log2_ceil(value_bits(value))) : value;
    case FUNCTION_MAX:
    case FUNCTION_MIN: return evaluate_extreme(evaluator, expr);
    case FUNCTION_NEXT:
        value = value_of(evaluator, expr->a);
        if (value.known)
            value = value_made_absolute(evaluator, value);
        return value.known
                   ? make_value(align_up(evaluator->with->dot, value_bits(value)), VALUE_ABSOLUTE)
                   : value;
    case FUNCTION_SEGMENT_START: return evaluate_segment_start(evaluator, expr);
    default: return evaluate_property(evaluator, expr);
    }
}
