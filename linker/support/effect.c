/* SPDX-License-Identifier: MIT
 *
 * What an instruction does: see effect.h. */
#include "support/effect.h"

#include "support/decoder.h"

/* ---- registers ---- */

/* Zydis numbers the registers of a kind one after the other, as the processor does. */
static struct register_part part_of(ZydisRegister its)
{
    static const struct {
        ZydisRegister first, last;
        struct register_part part; /* of the first */
    } kinds[] = {
        {ZYDIS_REGISTER_AL, ZYDIS_REGISTER_BL, {REG_AX, 0, 8}},
        {ZYDIS_REGISTER_AH, ZYDIS_REGISTER_BH, {REG_AX, 8, 8}},
        {ZYDIS_REGISTER_AX, ZYDIS_REGISTER_DI, {REG_AX, 0, 16}},
        {ZYDIS_REGISTER_EAX, ZYDIS_REGISTER_EDI, {REG_AX, 0, 32}},
        {ZYDIS_REGISTER_ES, ZYDIS_REGISTER_GS, {REG_ES, 0, 16}},
    };
    struct register_part part = {REG_NONE, 0, 0};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (its < kinds[i].first || its > kinds[i].last)
            continue;
        part = kinds[i].part;
        part.name = (uint8_t)(part.name + its - kinds[i].first);
    }
    return part;
}

static void use_register(struct effect *effect, const ZydisDecodedOperand *operand)
{
    struct register_part its = part_of(operand->reg.value);
    bool is_control = operand->reg.value == ZYDIS_REGISTER_CR0;
    bool is_read = operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ;
    bool is_written = operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
    if (is_control && is_written)
        effect->leaves_mode = true;
    if (its.name == REG_NONE)
        return;
    bool is_dl = its.name == REG_DX && !its.shift;
    if (is_read)
        effect->reads |= (uint16_t)(1u << its.name);
    if (is_written)
        effect->writes |= (uint16_t)(1u << its.name);
    effect->reads_dl |= is_read && is_dl;
    effect->writes_dl |= is_written && is_dl;
}

static void use_memory(struct effect *effect, const ZydisDecodedOperand *operand)
{
    if (operand->mem.type != ZYDIS_MEMOP_TYPE_MEM)
        return; /* lea */
    effect->uses_memory = true;
    effect->uses_ds |= operand->mem.segment == ZYDIS_REGISTER_DS;
    effect->uses_es |= operand->mem.segment == ZYDIS_REGISTER_ES;
    if (operand->mem.base == ZYDIS_REGISTER_NONE && operand->mem.index == ZYDIS_REGISTER_NONE)
        effect->memory = (struct memory_use){
            .address = (uint32_t)operand->mem.disp.value,
            .size = (uint16_t)(operand->size / 8),
            .reads = operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ,
            .writes = operand->actions & ZYDIS_OPERAND_ACTION_WRITE,
        };
}

/* `xor ax, ax` gives a constant and reads nothing. */
static bool is_clearing(const ZydisDecodedInstruction *its, const ZydisDecodedOperand *operands)
{
    bool may = its->mnemonic == ZYDIS_MNEMONIC_XOR || its->mnemonic == ZYDIS_MNEMONIC_SUB;
    return may && operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
           operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
           operands[0].reg.value == operands[1].reg.value;
}

static void follow_value(struct effect *effect, const ZydisDecodedInstruction *its,
                         const ZydisDecodedOperand *operands)
{
    effect->to = effect->from = (struct register_part){REG_NONE, 0, 0};
    if (its->operand_count_visible < 2 || operands[0].type != ZYDIS_OPERAND_TYPE_REGISTER)
        return;
    struct register_part to = part_of(operands[0].reg.value);
    if (is_clearing(its, operands)) {
        effect->to = to;
        effect->is_constant = true;
    } else if (its->mnemonic == ZYDIS_MNEMONIC_MOV &&
               operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
        effect->to = to;
        effect->is_constant = true;
        effect->constant = (uint32_t)operands[1].imm.value.u;
    } else if (its->mnemonic == ZYDIS_MNEMONIC_MOV &&
               operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER) {
        effect->to = to;
        effect->from = part_of(operands[1].reg.value);
    }
}

/* ---- where it goes on ---- */

static uint8_t flow_of(const ZydisDecodedInstruction *its)
{
    switch (its->meta.category) {
    case ZYDIS_CATEGORY_COND_BR: return FLOW_BRANCH;
    case ZYDIS_CATEGORY_UNCOND_BR: return FLOW_JUMP;
    case ZYDIS_CATEGORY_CALL: return FLOW_CALL;
    case ZYDIS_CATEGORY_RET:
        return its->mnemonic == ZYDIS_MNEMONIC_RET &&
                       its->meta.branch_type == ZYDIS_BRANCH_TYPE_NEAR
                   ? FLOW_RETURN
                   : FLOW_END;
    default: break;
    }
    bool ends = its->mnemonic == ZYDIS_MNEMONIC_IRET || its->mnemonic == ZYDIS_MNEMONIC_RSM ||
                its->mnemonic == ZYDIS_MNEMONIC_UD2;
    return ends ? FLOW_END : FLOW_ON;
}

static void find_target(struct effect *effect, const ZydisDecodedInstruction *its,
                        const ZydisDecodedOperand *operands)
{
    if (operands[0].type == ZYDIS_OPERAND_TYPE_POINTER) {
        effect->is_direct = effect->is_far = true;
        effect->far_segment = operands[0].ptr.segment;
        effect->far_offset = operands[0].ptr.offset;
    } else if (its->raw.imm[0].is_relative) {
        effect->is_direct = true;
    } else if (operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER) {
        effect->through = part_of(operands[0].reg.value);
    }
    if (!effect->is_direct && effect->flow == FLOW_JUMP)
        effect->flow = FLOW_END;
}

static void find_interrupt(struct effect *effect, const ZydisDecodedInstruction *its,
                           const ZydisDecodedOperand *operands)
{
    effect->is_interrupt = its->mnemonic == ZYDIS_MNEMONIC_INT;
    if (effect->is_interrupt)
        effect->interrupt = (uint8_t)operands[0].imm.value.u;
}

/* ---- the stack ---- */

static int64_t adjustment(const ZydisDecodedInstruction *its, const ZydisDecodedOperand *operands)
{
    bool is_sp = operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
                 part_of(operands[0].reg.value).name == REG_SP &&
                 operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
    if (!is_sp)
        return 0;
    int64_t number = operands[1].imm.value.s;
    return its->mnemonic == ZYDIS_MNEMONIC_SUB   ? number
           : its->mnemonic == ZYDIS_MNEMONIC_ADD ? -number
                                                 : 0;
}

static void follow_stack(struct effect *effect, const ZydisDecodedInstruction *its,
                         const ZydisDecodedOperand *operands)
{
    int size = its->operand_width / 8;
    bool is_written = effect->writes & (1u << REG_SP);
    effect->is_stack_known = true;
    switch (its->mnemonic) {
    case ZYDIS_MNEMONIC_PUSHF:
    case ZYDIS_MNEMONIC_PUSHFD:
    case ZYDIS_MNEMONIC_PUSH: effect->stack = size; return;
    case ZYDIS_MNEMONIC_POPF:
    case ZYDIS_MNEMONIC_POPFD:
    case ZYDIS_MNEMONIC_POP: effect->stack = -size; return;
    case ZYDIS_MNEMONIC_PUSHA:
    case ZYDIS_MNEMONIC_PUSHAD: effect->stack = 8 * size; return;
    case ZYDIS_MNEMONIC_POPA:
    case ZYDIS_MNEMONIC_POPAD: effect->stack = -8 * size; return;
    default: break;
    }
    bool is_moved = its->mnemonic == ZYDIS_MNEMONIC_ADD || its->mnemonic == ZYDIS_MNEMONIC_SUB;
    if (is_moved && its->operand_count_visible == 2)
        effect->stack = (int)adjustment(its, operands);
    bool by_flow = effect->flow == FLOW_CALL || effect->flow == FLOW_RETURN;
    if (is_written && !effect->stack && !by_flow && !effect->is_interrupt)
        effect->is_stack_known = false;
}

static bool sets_flags(ZydisMnemonic mnemonic)
{
    return mnemonic == ZYDIS_MNEMONIC_POPF || mnemonic == ZYDIS_MNEMONIC_POPFD;
}

/* ---- all of it ---- */

static bool sets_direction(ZydisMnemonic mnemonic)
{
    return mnemonic == ZYDIS_MNEMONIC_CLD || mnemonic == ZYDIS_MNEMONIC_STD || sets_flags(mnemonic);
}

/* What it touches: nop has an operand in memory that it leaves alone. */
static void use_operands(struct effect *effect, const ZydisDecodedInstruction *its,
                         const ZydisDecodedOperand *operands)
{
    for (ZyanU8 i = 0; i < its->operand_count; i++) {
        if (operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER)
            use_register(effect, &operands[i]);
        else if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
                 its->mnemonic != ZYDIS_MNEMONIC_NOP)
            use_memory(effect, &operands[i]);
    }
}

/* What its name alone says. */
static struct effect effect_by_name(const ZydisDecodedInstruction *its)
{
    ZydisMnemonic name = its->mnemonic;
    ZydisInstructionCategory category = its->meta.category;
    return (struct effect){
        .flow = flow_of(its),
        .width = its->operand_width,
        .through = {REG_NONE, 0, 0},
        .on_carry = name == ZYDIS_MNEMONIC_JB,
        .sets_direction = sets_direction(name),
        .is_string = category == ZYDIS_CATEGORY_STRINGOP || category == ZYDIS_CATEGORY_IOSTRINGOP,
        .loads_gdt = name == ZYDIS_MNEMONIC_LGDT,
        .halts = name == ZYDIS_MNEMONIC_HLT,
        .masks = name == ZYDIS_MNEMONIC_CLI,
        .unmasks = name == ZYDIS_MNEMONIC_STI || sets_flags(name),
    };
}

struct effect decode_effect(struct decoder *decoder)
{
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT] = {0};
    const ZydisDecodedInstruction *its = &decoder->instruction;
    struct effect effect = effect_by_name(its);
    if (!ZYAN_SUCCESS(decoder->decode_operands(&decoder->decoder, &decoder->context, its, operands,
                                               its->operand_count)))
        return (struct effect){.flow = FLOW_END};
    use_operands(&effect, its, operands);
    if (effect.flow == FLOW_JUMP || effect.flow == FLOW_CALL || effect.flow == FLOW_BRANCH)
        find_target(&effect, its, operands);
    find_interrupt(&effect, its, operands);
    follow_value(&effect, its, operands);
    follow_stack(&effect, its, operands);
    if (is_clearing(its, operands))
        effect.reads_dl = false;
    return effect;
}

/* ---- which processor has it ----
 *
 * Zydis gives sets of instructions, and among those of the 8086 some that came with the 386: near
 * conditional jumps, two-operand imul, moves of control registers, fs and gs; jcxz is the 8086's. A
 * prefix 66 or 67, or an operand of 32 bits, is the 386's. (Intel SDM, volume 2; Intel386
 * Programmer's Reference Manual, 1986, chapter 17.) */

static uint8_t processor_of_set(ZydisISASet set)
{
    static const struct {
        ZydisISASet set;
        uint8_t processor;
    } sets[] = {
        {ZYDIS_ISA_SET_I86, CPU_8086},       {ZYDIS_ISA_SET_LAHF, CPU_8086},
        {ZYDIS_ISA_SET_X87, CPU_8086},       {ZYDIS_ISA_SET_I186, CPU_186},
        {ZYDIS_ISA_SET_I286REAL, CPU_286},   {ZYDIS_ISA_SET_I286PROTECTED, CPU_286},
        {ZYDIS_ISA_SET_I386, CPU_386},       {ZYDIS_ISA_SET_I486, CPU_486},
        {ZYDIS_ISA_SET_I486REAL, CPU_486},   {ZYDIS_ISA_SET_PENTIUMREAL, CPU_586},
        {ZYDIS_ISA_SET_PENTIUMMMX, CPU_586}, {ZYDIS_ISA_SET_PPRO, CPU_686},
        {ZYDIS_ISA_SET_CMOV, CPU_686},       {ZYDIS_ISA_SET_FCMOV, CPU_686},
        {ZYDIS_ISA_SET_FAT_NOP, CPU_686},    {ZYDIS_ISA_SET_RDPMC, CPU_686},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (sets[i].set == set)
            return sets[i].processor;
    return CPU_LATER;
}

static bool is_sse_set(ZydisISASet set)
{
    return set >= ZYDIS_ISA_SET_SSE && set <= ZYDIS_ISA_SET_SSSE3MMX &&
           set != ZYDIS_ISA_SET_SSE3X87 && set != ZYDIS_ISA_SET_SSE_PREFETCH &&
           set != ZYDIS_ISA_SET_SSEMXCSR;
}

static bool needs_386(const ZydisDecodedInstruction *its)
{
    static const ZydisInstructionAttributes prefixes =
        ZYDIS_ATTRIB_HAS_OPERANDSIZE | ZYDIS_ATTRIB_HAS_ADDRESSSIZE | ZYDIS_ATTRIB_HAS_SEGMENT_FS |
        ZYDIS_ATTRIB_HAS_SEGMENT_GS;
    static const struct {
        uint8_t first, last;
    } codes[] = {
        /* behind 0f */ {0x80, 0x9f}, {0x20, 0x26}, {0xa0, 0xa1}, {0xa8, 0xa9}, {0xaf, 0xaf}};
    if (its->operand_width == 32 || its->address_width == 32 || (its->attributes & prefixes))
        return true;
    uint8_t code = its->opcode;
    bool moves_segment = code == 0x8c || code == 0x8e; /* mov fs, gs */
    if (its->opcode_map != ZYDIS_OPCODE_MAP_0F)
        return moves_segment && its->raw.modrm.reg >= 4;
    bool is_new = false;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        is_new |= code >= codes[i].first && code <= codes[i].last;
    return is_new;
}

struct demand decode_demand(struct decoder *decoder)
{
    const ZydisDecodedInstruction *its = &decoder->instruction;
    struct demand demand = {processor_of_set(its->meta.isa_set), is_sse_set(its->meta.isa_set)};
    if (its->mnemonic == ZYDIS_MNEMONIC_JCXZ)
        demand.processor = CPU_8086;
    if (demand.processor < CPU_386 && needs_386(its))
        demand.processor = CPU_386;
    return demand;
}
