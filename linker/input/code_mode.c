/* SPDX-License-Identifier: MIT
 *
 * For which mode of the processor a section's code was made.
 *
 * ELF does not say: `gcc -m16` and `gcc -m32` write objects of one kind, and the bytes of one mode
 * are instructions in the other too, only wrong ones. But the assembler left a trace: a relocation
 * stands for one whole field, a displacement or an immediate, of the instruction that it wrote.
 *
 *     e8 [fc ff ff ff]        32 bits: call rel32, the relocation is its immediate
 *     e8 fc ff | ff ff        16 bits: call rel16, which ends in the middle of the relocation
 *     66 e8 [fc ff ff ff]     16 bits: calll rel32, it fits; 32 bits: callw rel16, it does not
 *
 * So the section is decoded in each mode and the relocations that are whole fields are counted. In
 * compiled code the right mode fits all and the wrong one less than a quarter; hand-written code
 * with data in between, or of both modes, can be in doubt, and then nothing is said: one mode must
 * fit nine in ten and the other less than half.
 *
 * The way not taken, to ask which of the decodings has fewer invalid or odd instructions, needs
 * statistics about programs; this needs none. */
#include "input/code_mode.h"

#include "input/input.h"

/* A compiled section of 64 KiB holds hundreds of relocations; there is no need to see more. */
enum { BYTES_DECODED = 0x10000 };

void modes_close(struct host *host, struct modes *modes)
{
    for (size_t i = 0; i < sizeof modes->decoders / sizeof *modes->decoders; i++)
        if (modes->decoders[i])
            decoder_close(host, modes->decoders[i]);
    *modes = (struct modes){0};
}

static bool is_field(struct instruction_field field, uint64_t offset, unsigned width)
{
    return field.size && field.size == width && field.offset == offset;
}

static bool fits(const struct instruction *its, uint64_t offset, unsigned width)
{
    return is_field(its->displacement, offset, width) ||
           is_field(its->immediates[0], offset, width) ||
           is_field(its->immediates[1], offset, width);
}

/* The relocations from `ref` on that begin within the instruction at `at`: how many fit is added up
 * in *count. Returns the first one behind it. */
static uint32_t count_fitting(const struct object *object, const struct section *section,
                              uint32_t ref, uint64_t at, const struct instruction *its,
                              unsigned *count)
{
    for (; ref < section->first_ref + section->ref_count; ref++) {
        const struct ref *its_ref = &object->refs[ref];
        if (its_ref->offset >= at + its->length)
            break;
        if (its_ref->offset >= at &&
            fits(its, its_ref->offset - at, ref_kinds[its_ref->kind].width))
            (*count)++;
    }
    return ref;
}

static unsigned fitting(struct decoder *decoder, const struct object *object,
                        const struct section *section, uint64_t size)
{
    unsigned count = 0;
    uint32_t ref = section->first_ref;
    struct instruction its;
    for (uint64_t at = 0; at < size; at += its.length) {
        if (!decode(decoder, section->bytes + at, size - at, at, &its))
            its = (struct instruction){.length = 1};
        ref = count_fitting(object, section, ref, at, &its, &count);
    }
    return count;
}

static unsigned refs_before(const struct object *object, const struct section *section,
                            uint64_t end)
{
    unsigned count = 0;
    for (uint32_t r = 0; r < section->ref_count; r++)
        count += object->refs[section->first_ref + r].offset < end;
    return count;
}

struct decoder *modes_decoder(struct host *host, struct modes *modes, enum decoder_mode mode)
{
    if (!modes->decoders[mode])
        modes->decoders[mode] = decoder_try_open(host, mode);
    return modes->decoders[mode];
}

static bool one_fits(unsigned fitting, unsigned other, unsigned refs)
{
    return refs && fitting * 10 >= refs * 9 && other * 2 < refs;
}

/* An ELF64 object is asked for 16 or 64 bits only: in 32 bits nearly all of 64-bit code has the
 * same fields. */
struct mode_fit mode_of(struct host *host, struct modes *modes, const struct object *object,
                        uint32_t section)
{
    bool is_64 = object->architecture == ARCH_X86_64;
    const struct section *its = &object->sections[section];
    uint64_t size = its->size < BYTES_DECODED ? its->size : BYTES_DECODED;
    struct decoder *narrow = modes_decoder(host, modes, DECODE_16);
    struct decoder *wide =
        narrow ? modes_decoder(host, modes, is_64 ? DECODE_64 : DECODE_32) : NULL;
    struct mode_fit fit = {.wide = is_64 ? 64 : 32};
    if (!wide)
        return fit;
    fit.refs = refs_before(object, its, size);
    fit.fitting_16 = fitting(narrow, object, its, size);
    fit.fitting_wide = fitting(wide, object, its, size);
    if (one_fits(fit.fitting_16, fit.fitting_wide, fit.refs))
        fit.bits = 16;
    else if (one_fits(fit.fitting_wide, fit.fitting_16, fit.refs))
        fit.bits = fit.wide;
    return fit;
}

unsigned mode_of_object(struct host *host, struct modes *modes, const struct object *object)
{
    unsigned narrow = 0, wide = 0, bits_wide = 0;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!(section->flags & SECTION_EXEC) || !section->bytes || !section->ref_count)
            continue;
        struct mode_fit fit = mode_of(host, modes, object, s);
        narrow += fit.bits == 16;
        wide += fit.bits > 16;
        bits_wide = fit.wide;
    }
    return narrow > wide ? 16 : wide > narrow ? bits_wide : 0;
}

/* ret, retl: with or without a prefix. */
static bool is_return(const unsigned char *bytes, size_t length)
{
    unsigned char code = bytes[length - 1], with_count = length >= 3 ? bytes[length - 3] : 0;
    return (length <= 2 && code == 0xc3) || (length >= 3 && length <= 4 && with_count == 0xc2);
}

struct mode_count mode_count_from(struct host *host, struct modes *modes, enum decoder_mode mode,
                                  const struct object *object, uint32_t section, uint64_t from,
                                  uint64_t most)
{
    const struct section *its = &object->sections[section];
    struct decoder *decoder = modes_decoder(host, modes, mode);
    struct mode_count count = {.end = from};
    uint32_t first =
        its->first_ref + first_ref_from(object->refs + its->first_ref, its->ref_count, from);
    uint32_t ref = first;
    bool is_over = !decoder;
    while (!is_over && count.end < most) {
        struct instruction instruction;
        const unsigned char *bytes = its->bytes + count.end;
        if (!decode(decoder, bytes, its->size - count.end, count.end, &instruction))
            instruction = (struct instruction){.length = 1};
        ref = count_fitting(object, its, ref, count.end, &instruction, &count.fitting);
        count.end += instruction.length;
        is_over = is_return(bytes, instruction.length);
    }
    count.refs = ref - first;
    return count;
}

bool begins_instruction(struct host *host, struct modes *modes, enum decoder_mode mode,
                        const struct section *section, uint64_t offset)
{
    struct decoder *decoder = modes_decoder(host, modes, mode);
    struct instruction its;
    uint64_t at = 0;
    while (decoder && at < offset && at < BYTES_DECODED) {
        if (!decode(decoder, section->bytes + at, section->size - at, at, &its))
            its.length = 1;
        at += its.length;
    }
    return decoder && at == offset;
}
