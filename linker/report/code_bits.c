/* SPDX-License-Identifier: MIT
 *
 * In which mode of the processor each stretch of code in the image is to be decoded: the one that
 * its section's relocations fit (input/code_mode.c); where they leave it in doubt, that of most of
 * its object's sections; else 16 bits, in an ELF64 object 64. */
#include "report/code_bits.h"

#include "ask.h"

enum decoder_mode mode_of_bits(unsigned bits)
{
    return bits == 16 ? DECODE_16 : bits == 32 ? DECODE_32 : DECODE_64;
}

static unsigned bits_of_object(struct code_bits *bits, const struct object *object)
{
    unsigned most = mode_of_object(bits->link->host, &bits->modes, object);
    return most ? most : object->architecture == ARCH_X86_64 ? 64 : 16;
}

static void look_at_atom(struct code_bits *bits, uint32_t atom)
{
    struct link *link = bits->link;
    uint32_t input = link->atoms[atom].input, section = atom_of(link, atom)->section;
    const struct object *object = atom_object(link, atom);
    struct mode_fit fit = {.bits = 0};
    if (object->sections[section].bytes)
        fit = mode_of(link->host, &bits->modes, object, section);
    if (!fit.bits && !bits->of_inputs[input])
        bits->of_inputs[input] = (uint8_t)bits_of_object(bits, object);
    bits->of_atoms[atom] = fit.bits ? (uint8_t)fit.bits : bits->of_inputs[input];
    bits->is_certain[atom] = fit.bits != 0;
    bits->is_used[mode_of_bits(bits->of_atoms[atom])] = true;
}

/* All of them, where there is code: what is not of the first mode is found later. */
static bool open_decoders(struct code_bits *bits)
{
    bool any = bits->is_used[DECODE_16] || bits->is_used[DECODE_32] || bits->is_used[DECODE_64];
    for (int mode = DECODE_16; any && mode <= DECODE_64; mode++) {
        if (bits->modes.decoders[mode])
            continue;
        bits->modes.decoders[mode] = decoder_open(bits->link->host, (enum decoder_mode)mode);
        if (!bits->modes.decoders[mode])
            return false;
    }
    return true;
}

bool code_bits_open(struct code_bits *bits, struct link *link, struct arena *arena)
{
    *bits = (struct code_bits){.link = link};
    bits->of_atoms = NEW_ARRAY(arena, uint8_t, link->atom_count + 1);
    bits->is_certain = NEW_ARRAY(arena, bool, link->atom_count + 1);
    bits->of_inputs = NEW_ARRAY(arena, uint8_t, link->inputs.count + 1);
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->in_file && (span->kind == WELT_SPAN_CODE || span->kind == WELT_SPAN_JUMP))
            look_at_atom(bits, span->atom);
    }
    if (open_decoders(bits))
        return true;
    code_bits_close(bits);
    return false;
}

void code_bits_close(struct code_bits *bits)
{
    modes_close(bits->link->host, &bits->modes);
}
