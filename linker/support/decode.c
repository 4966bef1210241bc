/* SPDX-License-Identifier: MIT
 *
 * Zydis, opened and used. See decode.h; effect.c is the other file that knows it.
 *
 * Zydis is not linked but opened: being there costs every start of the process a tenth of a
 * millisecond, and a machine without it links all the same. What is opened must be closed even when
 * host_fail() jumps out of the work that holds it, so a decoder is a block of the host that knows
 * how to close itself (host_alloc_closing). Its functions allocate nothing. */
#include "support/decoder.h"

#include <dlfcn.h>
#include <string.h>

/* ---- opening ---- */

static void close_library(void *memory)
{
    const struct decoder *decoder = memory;
    if (decoder->library)
        dlclose(decoder->library);
}

static bool find_functions(struct decoder *decoder)
{
    static const struct {
        const char *name;
        size_t place;
    } functions[] = {
        {"ZydisDecoderInit", offsetof(struct decoder, open_decoder)},
        {"ZydisDecoderDecodeInstruction", offsetof(struct decoder, decode_instruction)},
        {"ZydisDecoderDecodeOperands", offsetof(struct decoder, decode_operands)},
        {"ZydisFormatterInit", offsetof(struct decoder, open_formatter)},
        {"ZydisFormatterSetProperty", offsetof(struct decoder, set_property)},
        {"ZydisFormatterFormatInstruction", offsetof(struct decoder, format_instruction)},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(decoder->library, functions[i].name);
        if (!found)
            return false;
        /* ISO C has no conversion from an object's pointer to a function's; POSIX gives them one
         * form. */
        memcpy((char *)decoder + functions[i].place, &found, sizeof found);
    }
    return true;
}

/* "0x5", not "0x05": the field's width is seen in the bytes. */
static bool open_formatter(struct decoder *decoder)
{
    static const struct {
        ZydisFormatterProperty property;
        ZyanUPointer value;
    } properties[] = {
        {ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE},
        {ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE, 4},
        {ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_PADDING_DISABLED},
        {ZYDIS_FORMATTER_PROP_IMM_PADDING, ZYDIS_PADDING_DISABLED},
        {ZYDIS_FORMATTER_PROP_FORCE_SCALE_ONE, ZYAN_FALSE},
    };
    if (!ZYAN_SUCCESS(decoder->open_formatter(&decoder->formatter, ZYDIS_FORMATTER_STYLE_INTEL)))
        return false;
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (!ZYAN_SUCCESS(decoder->set_property(&decoder->formatter, properties[i].property,
                                                properties[i].value)))
            return false;
    return true;
}

static bool set_up(struct decoder *decoder, enum decoder_mode mode)
{
    static const struct {
        ZydisMachineMode machine;
        ZydisStackWidth stack;
    } modes[] = {
        [DECODE_16] = {ZYDIS_MACHINE_MODE_REAL_16, ZYDIS_STACK_WIDTH_16},
        [DECODE_32] = {ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32},
        [DECODE_64] = {ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64},
    };
    decoder->library = dlopen(WELT_ZYDIS_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!decoder->library || !find_functions(decoder))
        return false;
    return ZYAN_SUCCESS(
               decoder->open_decoder(&decoder->decoder, modes[mode].machine, modes[mode].stack)) &&
           open_formatter(decoder);
}

static const char *why_not(struct host *host, enum decoder_mode mode, struct decoder **opened)
{
    struct decoder *decoder = host_alloc_closing(host, sizeof *decoder, close_library);
    *opened = decoder;
    if (set_up(decoder, mode))
        return NULL;
    const char *why = decoder->library ? NULL : dlerror();
    return why ? why : WELT_ZYDIS_SONAME " lacks what is asked of it";
}

struct decoder *decoder_open(struct host *host, enum decoder_mode mode)
{
    struct decoder *decoder;
    const char *why = why_not(host, mode, &decoder);
    if (!why)
        return decoder;
    diagnose(host, WELT_ERROR, "decode", (struct place){0},
             "install Zydis: on Debian the package libzydis4.0",
             "the library that decodes instructions cannot be used: %s", why);
    host_free(host, decoder);
    return NULL;
}

struct decoder *decoder_try_open(struct host *host, enum decoder_mode mode)
{
    struct decoder *decoder;
    if (!why_not(host, mode, &decoder))
        return decoder;
    host_free(host, decoder);
    return NULL;
}

void decoder_close(struct host *host, struct decoder *decoder)
{
    host_free(host, decoder);
}

/* ---- decoding ---- */

static struct instruction_field field(ZyanU8 offset, ZyanU8 bits)
{
    return (struct instruction_field){offset, bits / 8};
}

/* A branch of 16 bits stays in its 64 KiB: Intel SDM, volume 2, JMP, "Operation": EIP AND
 * 0000FFFFH. Which segment that is the code does not say; that it does not cross a multiple of 64
 * KiB is the likely reading. */
static uint64_t branch_target(const ZydisDecodedInstruction *its, uint64_t address)
{
    uint64_t target = address + its->length + (uint64_t)its->raw.imm[0].value.s;
    if (its->operand_width == 16)
        return (address & ~(uint64_t)0xffff) | (target & 0xffff);
    return its->machine_mode == ZYDIS_MACHINE_MODE_LONG_64 ? target : (uint32_t)target;
}

size_t decode(struct decoder *decoder, const unsigned char *bytes, size_t size, uint64_t address,
              struct instruction *instruction)
{
    ZydisDecodedInstruction *its = &decoder->instruction;
    if (!ZYAN_SUCCESS(
            decoder->decode_instruction(&decoder->decoder, &decoder->context, bytes, size, its)))
        return 0;
    decoder->address = address;
    *instruction = (struct instruction){
        .length = its->length,
        .displacement = field(its->raw.disp.offset, its->raw.disp.size),
        .immediates = {field(its->raw.imm[0].offset, its->raw.imm[0].size),
                       field(its->raw.imm[1].offset, its->raw.imm[1].size)},
        .is_branch = its->raw.imm[0].is_relative,
    };
    if (instruction->is_branch)
        instruction->target = branch_target(its, address);
    return its->length;
}

void decode_text(struct decoder *decoder, char *text, size_t room)
{
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    const ZydisDecodedInstruction *its = &decoder->instruction;
    ZyanU8 count = its->operand_count_visible;
    text[0] = 0;
    if (ZYAN_SUCCESS(
            decoder->decode_operands(&decoder->decoder, &decoder->context, its, operands, count)))
        decoder->format_instruction(&decoder->formatter, its, operands, count, text, room,
                                    decoder->address, NULL);
}
