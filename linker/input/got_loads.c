/* SPDX-License-Identifier: MIT
 *
 * Instructions that load an address from the global offset table, and what they become when the
 * address is known: the table, and the load, are then for nothing.
 *
 *     mov foo@GOTPCREL(%rip), %rax    48 8b 05    mov $foo, %rax, or lea foo(%rip), %rax
 *     call *foo@GOTPCREL(%rip)        ff 15       addr32 call foo
 *     jmp *foo@GOTPCREL(%rip)         ff 25       jmp foo; nop
 *     test %eax, foo@GOTPCREL(%rip)   85 05       test $foo, %eax
 *     add foo@GOTPCREL(%rip), %eax    03 05       add $foo, %eax, and seven more
 *     mov foo@GOT(%ebx), %eax         8b 83       the same for i386, with or without a register
 *
 * Sources: x86-64 psABI 1.0, B.2 "Optimize GOTPCRELX Relocations"; Intel386 psABI 1.1, A.2
 * "Optimize GOT32X Relocations". Encodings: Intel SDM, volume 2, tables 2-2 and A-2. A compiler
 * that does not say by the type (…X) that the instruction may be changed wrote `mov` nearly always,
 * and a mov is recognised by itself: GNU ld changes those too. */
#include "input/object.h"

enum {
    I386_GOT32 = 3,
    I386_GOT32X = 43,
    X86_64_GOTPCREL = 9,
    X86_64_GOTPCRELX = 41,
    X86_64_REX_GOTPCRELX = 42
};

enum { MODE_MASK = 0xc7, RIP_RELATIVE = 0x05, NO_BASE = 0x05 }; /* of the byte mod-reg-r/m */

static enum got_load form_of_opcode(uint8_t opcode, uint8_t modrm)
{
    uint8_t digit = modrm >> 3 & 7;
    if (opcode == 0x8b)
        return GOT_LOAD_MOV;
    if (opcode == 0x85)
        return GOT_LOAD_TEST;
    if (opcode == 0xff && (digit == 2 || digit == 4))
        return digit == 2 ? GOT_LOAD_CALL : GOT_LOAD_JMP;
    return (opcode & 0xc7) == 0x03 ? GOT_LOAD_ALU : GOT_LOAD_OTHER;
}

/* mod 10 with a base register other than %esp, whose byte would be followed by another; mod 00 with
 * r/m 101 is the address alone. */
static bool is_i386_operand(uint8_t modrm)
{
    return (modrm & MODE_MASK) == NO_BASE || ((modrm & 0xc0) == 0x80 && (modrm & 7) != 4);
}

/* The prefixes before an instruction, if these bytes are any. */
struct prefixes {
    bool size_address, size_operand;
};

static struct prefixes prefixes_of(const unsigned char *field, uint64_t offset)
{
    uint8_t last = offset >= 3 ? field[-3] : 0, first = offset >= 4 ? field[-4] : 0;
    return (struct prefixes){
        .size_address = last == 0x67 || (last == 0x66 && first == 0x67),
        .size_operand = last == 0x66 || (last == 0x67 && first == 0x66),
    };
}

/* A field of 32 bits needs the prefix 67 in 16-bit code. So one load that has none says that the
 * section is 32-bit code. How many are asked is bounded: nearly always the first one says it. */
static bool is_32_bit_code(const struct object *object, const struct section *section)
{
    enum { ASKED = 64 };
    uint32_t count = section->ref_count < ASKED ? section->ref_count : ASKED;
    for (uint32_t i = 0; i < count; i++) {
        const struct ref *ref = &object->refs[section->first_ref + i];
        const struct ref_kind *kind = &ref_kinds[ref->kind];
        bool is_load = kind->architecture == ARCH_I386 && kind->native == I386_GOT32X;
        if (is_load && ref->offset >= 2 &&
            !prefixes_of(section->bytes + ref->offset, ref->offset).size_address)
            return true;
    }
    return false;
}

/* In 16-bit code a 32-bit address needs the prefix 67, a 32-bit operand 66; in 32-bit code neither
 * stands there. One without the other is an operand of 16 bits, which holds no address, or the last
 * byte of the instruction before:
 *
 *     67 8b 83        16-bit code: mov foo@GOT(%ebx), %ax, of type GOT32X as gas writes it
 *     … 67 | 8b 83    32-bit code: an instruction that ends in 67, and mov foo@GOT(%ebx), %eax
 *     … 66 | 8b 83    the same: with 66 alone the type is GOT32, as assemblers write it */
static bool has_32_bit_operand(const struct object *object, const struct section *section,
                               const struct ref *ref)
{
    struct prefixes found = prefixes_of(section->bytes + ref->offset, ref->offset);
    if (found.size_address == found.size_operand)
        return true;
    if (ref_kinds[ref->kind].native != I386_GOT32X)
        return false;
    return found.size_operand || is_32_bit_code(object, section);
}

static bool may_change(const struct object *object, const struct section *section,
                       const struct ref *ref, bool *only_mov)
{
    const unsigned char *field = section->bytes + ref->offset;
    uint8_t modrm = field[-1];
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    if (kind->architecture == ARCH_I386) {
        *only_mov = kind->native == I386_GOT32;
        return (*only_mov || kind->native == I386_GOT32X) && !ref->addend &&
               is_i386_operand(modrm) && has_32_bit_operand(object, section, ref);
    }
    *only_mov = kind->native == X86_64_GOTPCREL;
    bool is_known =
        *only_mov || kind->native == X86_64_GOTPCRELX || kind->native == X86_64_REX_GOTPCRELX;
    return is_known && ref->addend == -4 && (modrm & MODE_MASK) == RIP_RELATIVE;
}

enum got_load got_load_of(const struct object *object, const struct section *section,
                          const struct ref *ref)
{
    bool has_rex = ref_kinds[ref->kind].architecture == ARCH_X86_64 &&
                   ref_kinds[ref->kind].native == X86_64_REX_GOTPCRELX;
    bool only_mov;
    if (!ref_is_of_slot(ref) || section_is_split(section) || ref->offset < (has_rex ? 3 : 2))
        return GOT_LOAD_OTHER;
    const unsigned char *field = section->bytes + ref->offset;
    if (!may_change(object, section, ref, &only_mov) || (has_rex && (field[-3] & 0xf0) != 0x40))
        return GOT_LOAD_OTHER;
    enum got_load form = form_of_opcode(field[-2], field[-1]);
    return only_mov && form != GOT_LOAD_MOV ? GOT_LOAD_OTHER : form;
}
