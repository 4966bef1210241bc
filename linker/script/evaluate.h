/* SPDX-License-Identifier: MIT
 *
 * What evaluate.c, which knows operators and names, and evaluate_calls.c, which knows the built-in
 * functions, share. */
#ifndef WELT_SCRIPT_EVALUATE_H
#define WELT_SCRIPT_EVALUATE_H

#include "script/functions.h"
#include "script/script.h"

struct evaluator {
    struct evaluation *with;
    bool from_dot; /* see struct value */
};

static inline uint64_t value_bits(struct value value)
{
    return (uint64_t)value.number;
}

static inline struct value make_value(uint64_t number, int section)
{
    return (struct value){.number = (int64_t)number, .section = section, .known = true};
}

static inline struct value unknown_value(void)
{
    return (struct value){.section = VALUE_NUMBER};
}

struct value value_of(struct evaluator *evaluator, const struct expr *expr);
struct value value_of_call(struct evaluator *evaluator, const struct expr *expr);

/* What is computed, not written: the size of a section, the result of a comparison. */
struct value value_number(const struct evaluation *with, uint64_t number);
/* An address, as an offset in the section that is being laid out. */
struct value value_of_address(struct evaluator *evaluator, uint64_t address);
struct value value_made_absolute(struct evaluator *evaluator, struct value value);
/* Brings two values to one section where they differ: pairs of sections become absolute. false: one
 * is a number, and the result belongs to the other's section, which value_joint_section() gives. */
bool value_harmonize(struct evaluator *evaluator, struct value *a, struct value *b);
int value_joint_section(struct value a, struct value b);
/* An error of the final evaluation; before, the value is just unknown. `name` is for a %s in
 * `what`, if there is one. */
struct value value_complain(const struct evaluator *evaluator, const struct expr *expr,
                            const char *what, const char *name);

#endif
