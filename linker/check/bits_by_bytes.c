/* SPDX-License-Identifier: MIT
 *
 * For which mode of the processor a compiled function was made that has no reference to tell it
 * (input/code_mode.c): by how it returns, or where its branches lead.
 *
 *     66 c3     retl: the end of each function that a compiler makes for 16-bit mode
 *     c3        ret: the end of one for 32 or 64 bits
 *
 * The same bytes are decoded for both modes. It is wide when its last instruction is a ret as wide
 * code, and as 16-bit code nothing in it returns, nor does it end in a jump. And compilers put
 * 16-bit code into ELF32 objects alone: one in ELF64 that returns nowhere as 16-bit code is wide,
 * also without a return.
 *
 * A loop for ever in an ELF32 object is wide when as wide code every branch of it leads to the
 * beginning of an instruction, and as 16-bit code one leads into an instruction, or out of the
 * section, or what is there is no code:
 *
 *     b8 0c 00 00 00    mov $12, %eax        16 bits: mov $12, %ax; add %al, (%bx,%si)
 *     …
 *     eb f3             jmp loop             16 bits: leads into another one
 *
 * Where both readings are sound nothing tells them apart, and it remains in doubt. Not taken: how
 * compilers write for 16-bit mode (67 before each address), as asm in C may be of any form. */
#include "check/checks.h"

#include "ask.h"

enum { OPERAND_SIZE = 0x66, RETURN = 0xc3, NEAR_JUMP = 0xe9, FAR_JUMP = 0xea, SHORT_JUMP = 0xeb };
enum { LONGEST_FUNCTION = 4096 };

enum ending { ENDS_OTHERWISE, ENDS_SHORT, ENDS_LONG, ENDS_IN_JUMP };

struct reading {
    enum ending last;
    unsigned returns;
    bool is_whole; /* its last instruction ends where the function does */
    bool is_sound; /* … and every branch leads to an instruction's beginning, or out of it within
                      its section */
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

struct function {
    const unsigned char *bytes; /* of its section */
    uint64_t start, end;        /* there */
    uint64_t section_size;
};

/* Whether all branches lead to what `begins' marks, or elsewhere in the section. */
static bool are_branches_sound(struct decoder *decoder, const struct function *function,
                               const uint8_t *begins)
{
    struct instruction its;
    for (uint64_t at = function->start; at < function->end; at += its.length) {
        if (!decode(decoder, function->bytes + at, function->end - at, at, &its))
            return false;
        bool is_within = its.target >= function->start && its.target < function->end;
        if (its.is_branch && (its.target >= function->section_size ||
                              (is_within && !begins[its.target - function->start])))
            return false;
    }
    return true;
}

static struct reading read_function(struct decoder *decoder, const struct function *function)
{
    struct reading reading = {.last = ENDS_OTHERWISE};
    uint8_t begins[LONGEST_FUNCTION] = {0};
    struct instruction its;
    uint64_t at = function->start, end = function->end;
    for (; at < end && decode(decoder, function->bytes + at, end - at, at, &its);
         at += its.length) {
        begins[at - function->start] = 1;
        reading.last = ending_of(function->bytes + at, its.length);
        reading.returns += reading.last == ENDS_SHORT || reading.last == ENDS_LONG;
    }
    reading.is_whole = at == end;
    reading.is_sound = reading.is_whole && are_branches_sound(decoder, function, begins);
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

static bool is_compiled(const struct object *object)
{
    return object_compiler(object) >= COMPILER_GCC;
}

unsigned bits_by_bytes(struct link *link, struct modes *modes, uint32_t atom, uint64_t offset,
                       const char **why)
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
    struct function its = {section->bytes, function->value, function->value + function->size,
                           section->size};
    struct reading as_narrow = read_function(narrow, &its);
    struct reading as_wide = read_function(wide, &its);
    bool returns = as_wide.is_whole && as_wide.last == ENDS_SHORT;
    bool loops = as_wide.is_sound && as_wide.last == ENDS_IN_JUMP && !as_narrow.is_sound;
    if (as_narrow.returns)
        return 0;
    *why = loops ? "only as that do its branches lead to instructions"
                 : "it does not return as 16-bit code does, by 66 C3";
    if (loops && is_compiled(object))
        return bits;
    if (bits == 32 && as_narrow.last == ENDS_IN_JUMP)
        return 0;
    return returns || (bits == 64 && as_wide.is_whole && is_compiled(object)) ? bits : 0;
}
