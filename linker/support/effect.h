/* SPDX-License-Identifier: MIT
 *
 * What an instruction does, as far as a walk from the entry asks: where it goes on, which registers
 * and segments it uses, what becomes of the stack. And from which processor on there is one. */
#ifndef WELT_SUPPORT_EFFECT_H
#define WELT_SUPPORT_EFFECT_H

#include "support/decode.h"

enum register_name {
    REG_AX,
    REG_CX,
    REG_DX,
    REG_BX,
    REG_SP,
    REG_BP,
    REG_SI,
    REG_DI, /* in the processor's order */
    REG_ES,
    REG_CS,
    REG_SS,
    REG_DS,
    REG_FS,
    REG_GS,
    REG_COUNT,
    REG_NONE = REG_COUNT
};

enum flow {
    FLOW_ON,     /* to the next instruction */
    FLOW_JUMP,   /* to the target, when it is known */
    FLOW_BRANCH, /* to the target or on */
    FLOW_CALL,
    FLOW_RETURN,
    FLOW_END /* to where is not known */
};

/* A register's part: al, ah, ax, eax. */
struct register_part {
    uint8_t name; /* enum register_name */
    uint8_t shift, bits;
};

/* Memory at an address that the instruction itself says. */
struct memory_use {
    uint32_t address;
    uint16_t size; /* bytes; 0: there is none */
    bool reads, writes;
};

struct effect {
    uint8_t flow;   /* enum flow */
    uint8_t width;  /* bits of what a call or return moves */
    bool is_direct; /* where a jump, branch or call leads is in the instruction */
    bool is_far;    /* … as segment and offset */
    uint16_t far_segment;
    uint32_t far_offset;
    struct register_part through; /* … is what this register holds; REG_NONE: it is not */
    bool on_carry; /* a branch that is taken on carry: after a BIOS call, on errors */

    bool is_interrupt;
    uint8_t interrupt;

    uint16_t reads, writes; /* bits 1 << enum register_name */
    bool reads_dl, writes_dl;
    bool uses_ds, uses_es; /* memory through that segment */
    struct memory_use memory;
    bool uses_memory; /* bytes are read or written there; not of lea */
    bool is_string;   /* its direction is the flag's */
    bool sets_direction;
    bool leaves_mode; /* writes CR0: what follows may be 32-bit code */
    bool loads_gdt;   /* `memory` says where, unless it is not known */
    bool halts;
    bool masks, unmasks; /* interrupts: cli; sti, and what may be one */

    /* `to` is given a constant, or what `from` holds; REG_NONE: neither */
    struct register_part to, from;
    bool is_constant;
    uint32_t constant;

    bool is_stack_known;
    int stack; /* bytes pushed; negative: popped. Without what calls and returns move. */
};

/* Of the instruction that was decoded last. */
struct effect decode_effect(struct decoder *decoder);

enum processor { CPU_8086, CPU_186, CPU_286, CPU_386, CPU_486, CPU_586, CPU_686, CPU_LATER };
struct demand {
    uint8_t processor; /* enum processor: the first that has it */
    bool is_sse;       /* faults until the system has switched it on */
};
struct demand decode_demand(struct decoder *decoder);

#endif
