/* SPDX-License-Identifier: MIT
 *
 * A decoder's inside, for the two files that know Zydis: decode.c and effect.c. */
#ifndef WELT_SUPPORT_DECODER_H
#define WELT_SUPPORT_DECODER_H

#include "support/decode.h"

#include <Zydis/Zydis.h>

struct decoder {
    void *library;
    __typeof__(ZydisDecoderInit) *open_decoder;
    __typeof__(ZydisDecoderDecodeInstruction) *decode_instruction;
    __typeof__(ZydisDecoderDecodeOperands) *decode_operands;
    __typeof__(ZydisFormatterInit) *open_formatter;
    __typeof__(ZydisFormatterSetProperty) *set_property;
    __typeof__(ZydisFormatterFormatInstruction) *format_instruction;

    ZydisDecoder decoder;
    ZydisFormatter formatter;

    /* what was decoded last */
    ZydisDecoderContext context;
    ZydisDecodedInstruction instruction;
    uint64_t address;
};

#endif
