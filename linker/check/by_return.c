/* SPDX-License-Identifier: MIT
 *
 * For which mode of the processor a compiled function was made that has no reference to tell it
 * (input/code_mode.c): by how it returns.
 *
 *     66 c3     retl: the end of each function that a compiler makes for 16-bit mode
 *     c3        ret: the end of one for 32 or 64 bits
 *
 * The same bytes are decoded for both modes. It is wide when its last instruction is a ret as wide
 * code, and as 16-bit code nothing in it returns, nor does it end in a jump. And compilers put
 * 16-bit code into ELF32 objects alone: one in ELF64 that returns nowhere as 16-bit code is wide,
 * also without a return. A loop for ever in an ELF32 object remains in doubt. */
#include "check/checks.h"

#include "ask.h"

#include <string.h>

enum { OPERAND_SIZE = 0x66, RETURN = 0xc3, NEAR_JUMP = 0xe9, FAR_JUMP = 0xea, SHORT_JUMP = 0xeb };
enum { LONGEST_FUNCTION = 4096 };

enum ending { ENDS_OTHERWISE, ENDS_SHORT, ENDS_LONG, ENDS_IN_JUMP };

struct reading {
    enum ending last;
    unsigned returns;
    bool is_whole; /* its last instruction ends where the function does */
};

static enum ending ending_of(const unsigned char *bytes, unsigned length)
{
    bool is_prefixed = length > 1 && bytes[0] == OPERAND_SIZE;
    unsigned code = bytes[is_prefixed];
    if (code == RETURN && length == 1u + is_prefixed)
        return is_prefixed ? ENDS_LONG : ENDS_SHORT;
    bool jumps = code == NEAR_JUMP || code == FAR_JUMP || code == SHORT_JUMP;
    return jumps ? ENDS_IN_JUMP : ENDS_OTHERWISE;
}

static struct reading read_function(struct decoder *decoder, const unsigned char *bytes,
                                    uint64_t size)
{
    struct reading reading = {.last = ENDS_OTHERWISE};
    struct instruction its;
    uint64_t at = 0;
    for (; at < size && decode(decoder, bytes + at, size - at, at, &its); at += its.length) {
        reading.last = ending_of(bytes + at, its.length);
        reading.returns += reading.last == ENDS_SHORT || reading.last == ENDS_LONG;
    }
    reading.is_whole = at == size;
    return reading;
}

static bool is_within(const struct section *section, const struct symbol *symbol)
{
    return symbol->value < section->size && symbol->size <= section->size - symbol->value;
}

static const struct symbol *function_there(const struct link *link, uint32_t atom, uint64_t offset)
{
    const struct object *object = atom_object(link, atom);
    const struct atom *its = atom_of(link, atom);
    for (uint32_t s = 1; s < object->symbol_count; s++) {
        const struct symbol *symbol = &object->symbols[s];
        if (symbol->kind == SYMBOL_FUNCTION && symbol->home == HOME_SECTION &&
            symbol->section == its->section && symbol->value == its->offset + offset &&
            symbol->size && is_within(&object->sections[its->section], symbol))
            return symbol;
    }
    return NULL;
}

static bool holds(const struct section *section, const char *word)
{
    size_t size = strlen(word);
    for (uint64_t at = 0; section->bytes && at + size <= section->size; at++)
        if (memcmp(section->bytes + at, word, size) == 0)
            return true;
    return false;
}

/* By the name that compilers leave. */
static bool is_compiled(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (section->name && strcmp(section->name, ".comment") == 0)
            return holds(section, "GCC:") || holds(section, "clang") || holds(section, "rustc");
    }
    return false;
}

unsigned bits_by_return(struct link *link, struct modes *modes, uint32_t atom, uint64_t offset)
{
    const struct object *object = atom_object(link, atom);
    const struct section *section = atom_section(link, atom);
    const struct symbol *function = section->bytes ? function_there(link, atom, offset) : NULL;
    unsigned bits = object->architecture == ARCH_X86_64 ? 64 : 32;
    if (!function || function->size > LONGEST_FUNCTION || section->ref_count)
        return 0;
    struct decoder *narrow = modes_decoder(link->host, modes, DECODE_16);
    struct decoder *wide = modes_decoder(link->host, modes, bits == 64 ? DECODE_64 : DECODE_32);
    if (!narrow || !wide)
        return 0;
    const unsigned char *bytes = section->bytes + function->value;
    struct reading as_narrow = read_function(narrow, bytes, function->size);
    struct reading as_wide = read_function(wide, bytes, function->size);
    bool returns = as_wide.is_whole && as_wide.last == ENDS_SHORT;
    if (as_narrow.returns || (bits == 32 && as_narrow.last == ENDS_IN_JUMP))
        return 0;
    return returns || (bits == 64 && as_wide.is_whole && is_compiled(object)) ? bits : 0;
}
