/* SPDX-License-Identifier: MIT
 *
 * Expressions to values.
 *
 * Requires: an expression, and the answers of struct evaluation. Provides: its value, with what the
 * value is relative to.
 *
 * ld's rules (manual 3.10.8 "The Section of an Expression", 3.10.5 "Evaluation"; what the manual
 * leaves open was found by experiment with GNU ld 2.40). Inside an output section at 0x7c00:
 *
 *     5                 a plain number: it is relative to nothing until it is assigned
 *     .                 relative to the section: what is computed with is the offset
 *     . + 5             relative and number: relative
 *     end - start       both relative to one section: a number
 *     ADDR(.data) - .   relative to different sections: both are made absolute, then a number
 *     . & 0xff          0x123 & 0xff, not 0x7d23 & 0xff
 *
 * Outside output sections the section of a number and of dot is "absolute", and two absolute values
 * give an absolute one, except with LD_FEATURE("SANE_EXPR"). In lld's dialect everything is
 * absolute.
 *
 * All arithmetic is on 64 bits; only / and % are signed (in lld's dialect they are not). Comparison
 * and logic look at both sides always.
 *
 * a + b + c … is a tree that is as deep on its left as it is long, so its left spine is walked,
 * down by `a` and up by `up`. Elsewhere the parser's bound on nesting bounds the recursion. */
#include "script/evaluate.h"

/* ---- values ---- */

uint64_t value_absolute(struct value value, const struct evaluation *with)
{
    return value.section >= 0 ? value_bits(value) + with->section_address(with->user, value.section)
                              : value_bits(value);
}

/* Whether numbers are plain numbers here, not absolute values. */
static bool has_numbers(const struct evaluation *with)
{
    return !with->absolute_dot && (with->section != VALUE_ABSOLUTE || with->sane_numbers);
}

static struct value number_here(const struct evaluation *with, uint64_t number)
{
    return make_value(number, has_numbers(with) ? VALUE_NUMBER : VALUE_ABSOLUTE);
}

struct value value_number(const struct evaluation *with, uint64_t number)
{
    return make_value(number, with->absolute_dot ? VALUE_ABSOLUTE : VALUE_NUMBER);
}

struct value value_of_address(struct evaluator *evaluator, uint64_t address)
{
    const struct evaluation *with = evaluator->with;
    evaluator->from_dot = true;
    if (with->section < 0 || with->absolute_dot)
        return make_value(address, VALUE_ABSOLUTE);
    return make_value(address - with->section_address(with->user, with->section), with->section);
}

struct value value_made_absolute(struct evaluator *evaluator, struct value value)
{
    evaluator->from_dot = false;
    return make_value(value_absolute(value, evaluator->with), VALUE_ABSOLUTE);
}

struct value value_complain(const struct evaluator *evaluator, const struct expr *expr,
                            const char *what, const char *name)
{
    if (evaluator->with->final)
        script_diagnose(evaluator->with->host, WELT_ERROR, "script", &expr->place, what, name);
    return unknown_value();
}

/* ---- names ---- */

static struct value evaluate_dot(struct evaluator *evaluator, const struct expr *expr)
{
    if (evaluator->with->has_dot)
        return value_of_address(evaluator, evaluator->with->dot);
    return value_complain(evaluator, expr, "dot has no value outside a script", NULL);
}

static struct value evaluate_name(struct evaluator *evaluator, const struct expr *expr)
{
    const struct evaluation *with = evaluator->with;
    bool defined = false;
    struct value value = with->symbol(with->user, expr->name, &defined);
    if (!defined)
        return value_complain(evaluator, expr, "undefined symbol `%.200s' in an expression",
                              expr->name);
    if (!value.known)
        return value_complain(evaluator, expr, "symbol `%.200s' has no value yet", expr->name);
    if (with->absolute_dot)
        return make_value(value_absolute(value, with), VALUE_ABSOLUTE);
    bool becomes_number = value.section == VALUE_ABSOLUTE && has_numbers(with);
    return make_value(value_bits(value), becomes_number ? VALUE_NUMBER : value.section);
}

/* ---- operators ---- */

static struct value evaluate_unary(struct evaluator *evaluator, const struct expr *expr)
{
    struct value value = value_of(evaluator, expr->a);
    uint64_t operand = value_bits(value);
    if (expr->operation == '-')
        value.number = (int64_t)(0 - operand);
    else if (expr->operation == '~')
        value.number = (int64_t)~operand;
    else
        value.number = !operand;
    return value;
}

bool value_harmonize(struct evaluator *evaluator, struct value *a, struct value *b)
{
    if (a->section == b->section)
        return true;
    if (a->section == VALUE_NUMBER || b->section == VALUE_NUMBER)
        return false;
    *a = value_made_absolute(evaluator, *a);
    *b = value_made_absolute(evaluator, *b);
    return true;
}

int value_joint_section(struct value a, struct value b)
{
    return a.section == VALUE_NUMBER ? b.section : a.section;
}

static uint64_t divide(const struct evaluation *with, uint64_t a, uint64_t b, bool remainder)
{
    if (with->absolute_dot)
        return remainder ? a % b : a / b;
    if (b == UINT64_MAX) /* by -1: the one quotient that does not fit 64 signed bits */
        return remainder ? 0 : 0 - a;
    return (uint64_t)(remainder ? (int64_t)a % (int64_t)b : (int64_t)a / (int64_t)b);
}

static uint64_t calculate(const struct evaluation *with, uint16_t operation, uint64_t a, uint64_t b)
{
    switch (operation) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/':
    case '%': return divide(with, a, b, operation == '%');
    case '&': return a & b;
    case '|': return a | b;
    case '^': return a ^ b;
    case OP2('<', '<'): return a << (b & 63);
    default: return a >> (b & 63);
    }
}

static bool compare(uint16_t operation, uint64_t a, uint64_t b)
{
    switch (operation) {
    case '<': return a < b;
    case '>': return a > b;
    case OP2('<', '='): return a <= b;
    case OP2('>', '='): return a >= b;
    case OP2('=', '='): return a == b;
    case OP2('!', '='): return a != b;
    case OP2('&', '&'): return a && b;
    default: return a || b;
    }
}

static bool is_comparison(uint16_t operation)
{
    switch (operation) {
    case '<':
    case '>':
    case OP2('<', '='):
    case OP2('>', '='):
    case OP2('=', '='):
    case OP2('!', '='):
    case OP2('&', '&'):
    case OP2('|', '|'): return true;
    default: return false;
    }
}

/* In lld's dialect sums and masks stay in the section; so does what a number is taken from, while
 * the distance of two addresses is a number. */
static bool keeps_section(const struct expr *expr)
{
    switch (expr->operation) {
    case '+':
    case '&':
    case '|':
    case '^': return true;
    case '-': return expr->b->kind == EXPR_NUMBER;
    default: return false;
    }
}

static struct value apply(struct evaluator *evaluator, const struct expr *expr, struct value a,
                          struct value b)
{
    const struct evaluation *with = evaluator->with;
    uint16_t operation = expr->operation;
    if (!a.known || !b.known)
        return unknown_value();
    if (with->absolute_dot && !keeps_section(expr))
        evaluator->from_dot = false;
    bool of_one_section = value_harmonize(evaluator, &a, &b);
    if ((operation == '/' || operation == '%') && !b.number)
        return value_complain(evaluator, expr, "division by zero", NULL);
    if (is_comparison(operation))
        return value_number(with, compare(operation, value_bits(a), value_bits(b)));
    uint64_t result = calculate(with, operation, value_bits(a), value_bits(b));
    return of_one_section ? number_here(with, result)
                          : make_value(result, value_joint_section(a, b));
}

static struct value evaluate_spine(struct evaluator *evaluator, const struct expr *expr)
{
    const struct expr *at = expr;
    while (at->a->kind == EXPR_BINARY)
        at = at->a;
    struct value value = value_of(evaluator, at->a);
    for (;; at = at->up) {
        value = apply(evaluator, at, value, value_of(evaluator, at->b));
        if (at == expr)
            return value;
    }
}

/* ---- the whole ---- */

/* The branch that is not taken is not looked at; it may divide by zero. */
static const struct expr *choose(struct evaluator *evaluator, const struct expr *expr)
{
    struct value condition = value_of(evaluator, expr->a);
    if (!condition.known)
        return NULL;
    return condition.number ? expr->b : expr->c;
}

struct value value_of(struct evaluator *evaluator, const struct expr *expr)
{
    while (expr && expr->kind == EXPR_TERNARY)
        expr = choose(evaluator, expr);
    if (!expr)
        return unknown_value();
    switch (expr->kind) {
    case EXPR_NUMBER: return number_here(evaluator->with, (uint64_t)expr->number);
    case EXPR_NAME: return evaluate_name(evaluator, expr);
    case EXPR_DOT: return evaluate_dot(evaluator, expr);
    case EXPR_UNARY: return evaluate_unary(evaluator, expr);
    case EXPR_BINARY: return evaluate_spine(evaluator, expr);
    default: return value_of_call(evaluator, expr);
    }
}

struct value expr_evaluate(const struct expr *expr, struct evaluation *with)
{
    struct evaluator evaluator = {.with = with};
    struct value value = value_of(&evaluator, expr);
    value.from_dot = evaluator.from_dot;
    return value;
}

void expr_names(const struct expr *expr, void (*visit)(void *user, const char *name), void *user)
{
    const struct expr *top = expr;
    while (expr && expr->kind == EXPR_BINARY)
        expr = expr->a;
    if (!expr)
        return;
    if (expr->kind == EXPR_NAME)
        visit(user, expr->name);
    expr_names(expr->a, visit, user);
    expr_names(expr->b, visit, user);
    expr_names(expr->c, visit, user);
    while (expr != top) {
        expr = expr->up;
        expr_names(expr->b, visit, user);
    }
}
