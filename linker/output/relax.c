/* SPDX-License-Identifier: MIT
 *
 * Instructions that load an address from the global offset table, or a thread's variable's distance
 * from where a loader would have put it, rewritten to have it themselves: input/got_loads.c and
 * input/thread_loads.c show the forms.
 *
 *     48 8b 05 <slot - next>     mov 0x12(%rip), %rax
 *     48 c7 c0 <foo>             mov $foo, %rax                     GNU ld's choice, where foo fits
 *     48 8d 05 <foo - next>      lea foo - next(%rip), %rax         lld's choice, and where it does
 * not
 *
 * Both are as long as what was there, so nothing moves. Encodings: Intel SDM, volume 2, 2.1.3 and
 * 2.2.1 (ModR/M, REX). The register that was `reg` becomes `r/m`, its high bit goes from REX.R to
 * REX.B. */
#include "output/relocate.h"

#include "ask.h"
#include "input/thread_loads.h"

#include <elf.h>

enum { REX_W = 8, REX_R = 4, REX_B = 1 };
enum { LEA = 0x8d, MOV_IMMEDIATE = 0xc7, TEST_IMMEDIATE = 0xf7, ALU_IMMEDIATE = 0x81 };
enum { ADDRESS_SIZE = 0x67, CALL = 0xe8, JMP = 0xe9, NOP = 0x90, REGISTER = 0xc0 };

static bool is_wide(const struct field *field)
{
    return field->kind->architecture == ARCH_X86_64;
}

static bool has_rex(const struct field *field)
{
    return is_wide(field) && field->ref->addend == -4 &&
           field->kind->native == R_X86_64_REX_GOTPCRELX;
}

static void become(struct field *field, uint32_t i386, uint32_t x86_64, int64_t addend)
{
    uint32_t kind =
        is_wide(field) ? ref_kind_find(ARCH_X86_64, x86_64) : ref_kind_find(ARCH_I386, i386);
    field->kind = &ref_kinds[kind];
    field->target.addend = addend;
}

/* A branch to the symbol, and a byte that does nothing: a prefix before a call, whose return
 * address must stay where it was, an instruction behind a jump. */
static void make_branch(struct field *field, bool is_call)
{
    unsigned char *at = field->bytes;
    become(field, R_386_PC32, R_X86_64_PC32, -4);
    if (is_call) {
        at[-2] = ADDRESS_SIZE;
        at[-1] = CALL;
        return;
    }
    at[-2] = JMP;
    at[3] = NOP;
    field->bytes--;
    field->offset--;
}

/* i386 has no address relative to the instruction. */
static void make_lea(struct field *field)
{
    field->bytes[-2] = LEA;
    become(field, R_386_NONE, R_X86_64_PC32, -4);
}

/* What an immediate may be: sign-extended to 64 bits, or 32 bits that clear the rest. */
static bool fits_signed(int64_t value)
{
    return value >= INT32_MIN && value <= INT32_MAX;
}

static bool fits_unsigned(int64_t value)
{
    return value >= 0 && value <= UINT32_MAX;
}

static void make_immediate(struct field *field, uint8_t opcode, uint8_t digit, bool keeps_width)
{
    unsigned char *at = field->bytes;
    uint8_t rex = has_rex(field) ? at[-3] : 0;
    at[-2] = opcode;
    at[-1] = (unsigned char)(REGISTER | digit << 3 | (at[-1] >> 3 & 7));
    if (rex) {
        uint8_t high = rex & REX_R ? REX_B : 0;
        uint8_t width = keeps_width ? rex & REX_W : 0;
        at[-3] = (unsigned char)((rex & ~(REX_R | REX_W | REX_B)) | high | width);
    }
    bool is_signed = keeps_width && rex & REX_W;
    become(field, R_386_32, is_signed ? R_X86_64_32S : R_X86_64_32, 0);
}

/* Without the X in its type nobody knows whether the instruction has a prefix to be changed. */
static bool is_lea_better(const struct link *link, const struct field *field, int64_t value,
                          bool is_64_bit)
{
    int64_t distance =
        (int64_t)((uint64_t)value - atom_address(link, field->atom, field->offset + 4));
    if (!is_wide(field))
        return false;
    if (field->kind->native == R_X86_64_GOTPCREL)
        return true;
    if (!fits_signed(distance))
        return false;
    return link->set->lld || (is_64_bit && !fits_signed(value));
}

static void make_mov(const struct link *link, struct field *field)
{
    if (link->dynamic && !is_wide(field)) {
        field->bytes[-2] = LEA;
        become(field, R_386_GOTOFF, R_X86_64_NONE, 0);
        return;
    }
    int64_t value = (int64_t)target_address(link, &field->target);
    bool is_64_bit = has_rex(field) && field->bytes[-3] & REX_W;
    bool keeps_width = fits_signed(value) || !fits_unsigned(value);
    if (link->dynamic || is_lea_better(link, field, value, is_64_bit))
        make_lea(field);
    else
        make_immediate(field, MOV_IMMEDIATE, 0, keeps_width);
}

void relax(const struct link *link, struct field *field)
{
    uint8_t opcode = field->bytes[-2];
    switch (got_load_of(field->input->object, field->section, field->ref)) {
    case GOT_LOAD_CALL: make_branch(field, true); break;
    case GOT_LOAD_JMP: make_branch(field, false); break;
    case GOT_LOAD_MOV: make_mov(link, field); break;
    case GOT_LOAD_TEST: make_immediate(field, TEST_IMMEDIATE, 0, true); break;
    case GOT_LOAD_ALU: make_immediate(field, ALU_IMMEDIATE, opcode >> 3 & 7, true); break;
    case GOT_LOAD_OTHER: break;
    }
}

bool relax_thread(const struct link *link, struct field *field)
{
    const struct thread_load *load =
        thread_load_of(field->input->object, field->section, field->ref, link->form.as_lld);
    if (!load)
        return false;
    int moved = thread_load_rewrite(load, field->bytes);
    field->bytes += moved;
    field->offset += (uint64_t)moved;
    become(field, load->turns_into, load->turns_into, 0);
    return load->turns_into;
}
