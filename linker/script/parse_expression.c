/* SPDX-License-Identifier: MIT
 *
 * Expressions: C's operators with C's precedence (manual 3.10.7 "Operators"), symbols, numbers, dot
 * and the built-in functions.
 *
 * Nesting is counted, for a hostile script would otherwise run over the stack, here or in
 * evaluate.c. A long chain such as a + b + c … nests on its left side only, is parsed in a loop,
 * and each operand on the left knows the operation that it belongs to (struct expr's `up`), so that
 * evaluation needs no recursion for it either. */
#include "script/functions.h"
#include "script/parse.h"
#include "support/spelling.h"

#include <string.h>

/* clang-format off */
const struct function_info script_functions[FUNCTION_COUNT] = {
    [FUNCTION_ABSOLUTE] = {"ABSOLUTE", SHAPE_VALUE},
    [FUNCTION_ADDR] = {"ADDR", SHAPE_SECTION},
    [FUNCTION_ALIGN] = {"ALIGN", SHAPE_ONE_OR_TWO},
    [FUNCTION_ALIGNOF] = {"ALIGNOF", SHAPE_SECTION},
    [FUNCTION_ASSERT] = {"ASSERT", SHAPE_VALUE_AND_TEXT},
    [FUNCTION_BLOCK] = {"BLOCK", SHAPE_VALUE},
    [FUNCTION_CHECKSUM8] = {"CHECKSUM8", SHAPE_VALUES},
    [FUNCTION_CONSTANT] = {"CONSTANT", SHAPE_SYMBOL},
    [FUNCTION_DATA_SEGMENT_ALIGN] = {"DATA_SEGMENT_ALIGN", SHAPE_VALUES},
    [FUNCTION_DATA_SEGMENT_END] = {"DATA_SEGMENT_END", SHAPE_VALUE},
    [FUNCTION_DATA_SEGMENT_RELRO_END] = {"DATA_SEGMENT_RELRO_END", SHAPE_VALUES},
    [FUNCTION_DEFINED] = {"DEFINED", SHAPE_SYMBOL},
    [FUNCTION_LENGTH] = {"LENGTH", SHAPE_SECTION},
    [FUNCTION_LOADADDR] = {"LOADADDR", SHAPE_SECTION},
    [FUNCTION_LOG2CEIL] = {"LOG2CEIL", SHAPE_VALUE},
    [FUNCTION_MAX] = {"MAX", SHAPE_VALUES},
    [FUNCTION_MIN] = {"MIN", SHAPE_VALUES},
    [FUNCTION_NEXT] = {"NEXT", SHAPE_VALUE},
    [FUNCTION_ORIGIN] = {"ORIGIN", SHAPE_SECTION},
    [FUNCTION_SEGMENT_START] = {"SEGMENT_START", SHAPE_NAME_AND_VALUE},
    [FUNCTION_SIZEOF] = {"SIZEOF", SHAPE_SECTION},
    [FUNCTION_SIZEOF_HEADERS] = {"SIZEOF_HEADERS", SHAPE_NOTHING},
};
/* clang-format on */

/* ---- constants ---- */

static struct value unknown_symbol(void *user, const char *name, bool *defined)
{
    (void)user;
    (void)name;
    *defined = false;
    return (struct value){.section = VALUE_NUMBER};
}

static struct value unknown_property(void *user, const char *which, const char *name, bool *missing)
{
    (void)user;
    (void)which;
    (void)name;
    *missing = false;
    return (struct value){.section = VALUE_NUMBER};
}

static struct value constant_value(struct parser *parser, const struct expr *expr)
{
    struct evaluation with = {.host = parser->arena->host,
                              .section = VALUE_ABSOLUTE,
                              .has_dot = true,
                              .symbol = unknown_symbol,
                              .property = unknown_property};
    return expr_evaluate(expr, &with);
}

static bool is_number(const struct expr *expr)
{
    return !expr || expr->kind == EXPR_NUMBER;
}

/* ld calculates with what is written in digits while it reads. This shows: outside output sections
 * a written number is absolute, so `1 < 2` is too, while `SIZEOF(.text) < 2` is a plain number. */
static struct expr *folded(struct parser *parser, struct expr *expr)
{
    if (!is_number(expr->a) || !is_number(expr->b) || !is_number(expr->c) || parser->lexer.failed)
        return expr;
    struct value value = constant_value(parser, expr);
    if (!value.known)
        return expr;
    *expr = (struct expr){
        .kind = EXPR_NUMBER, .number = value.number, .up = expr->up, .place = expr->place};
    return expr;
}

/* ---- nodes ---- */

struct expr *new_expr(struct parser *parser, enum expr_kind kind, const struct script_place *place)
{
    struct expr *expr = NEW(parser->arena, struct expr);
    expr->kind = (uint8_t)kind;
    expr->place = *place;
    return expr;
}

struct expr *new_number(struct parser *parser, uint64_t number, const struct script_place *place)
{
    struct expr *expr = new_expr(parser, EXPR_NUMBER, place);
    expr->number = (int64_t)number;
    return expr;
}

struct expr *new_name(struct parser *parser, const char *name, const struct script_place *place)
{
    bool is_dot = name[0] == '.' && !name[1];
    struct expr *expr = new_expr(parser, is_dot ? EXPR_DOT : EXPR_NAME, place);
    expr->name = name;
    return expr;
}

struct expr *new_binary(struct parser *parser, uint16_t operation, struct expr *a, struct expr *b,
                        const struct script_place *place)
{
    struct expr *expr = new_expr(parser, EXPR_BINARY, place);
    expr->operation = operation;
    expr->a = a;
    expr->b = b;
    a->up = expr;
    return folded(parser, expr);
}

struct expr *new_call(struct parser *parser, unsigned function, const struct script_place *place)
{
    struct expr *expr = new_expr(parser, EXPR_CALL, place);
    expr->operation = (uint16_t)function;
    expr->name = script_functions[function].name;
    return expr;
}

/* ---- calls ---- */

static void parse_arguments(struct parser *parser, struct expr *call)
{
    enum function_shape shape = script_functions[call->operation].shape;
    switch (shape) {
    case SHAPE_SECTION: call->text = expect_name(parser, LEX_SCRIPT, "a name"); return;
    case SHAPE_SYMBOL: call->text = expect_name(parser, LEX_EXPRESSION, "a name"); return;
    case SHAPE_NAME_AND_VALUE:
        call->text = expect_name(parser, LEX_SCRIPT, "a name");
        expect_operator(parser, LEX_EXPRESSION, ',', "the name");
        call->a = parse_expression(parser);
        return;
    case SHAPE_VALUE_AND_TEXT:
        call->a = parse_expression(parser);
        expect_operator(parser, LEX_EXPRESSION, ',', "the condition");
        call->text = expect_name(parser, LEX_EXPRESSION, "a message in double quotes");
        return;
    default: break;
    }
    call->a = parse_expression(parser);
    if (shape == SHAPE_VALUES)
        expect_operator(parser, LEX_EXPRESSION, ',', "the first value: two are needed");
    else if (shape != SHAPE_ONE_OR_TWO || !accept_operator(parser, LEX_EXPRESSION, ','))
        return;
    call->b = parse_expression(parser);
}

static struct expr *parse_call(struct parser *parser, unsigned function,
                               const struct script_place *place)
{
    struct expr *call = new_call(parser, function, place);
    if (function == FUNCTION_SEGMENT_START)
        parser->script->uses_segment_start = true;
    if (script_functions[function].shape == SHAPE_NOTHING)
        return call;
    if (!accept_operator(parser, LEX_EXPRESSION, '('))
        fail_expected(parser, peek(parser, LEX_EXPRESSION), "`(' after %s", call->name);
    parse_arguments(parser, call);
    if (!accept_operator(parser, LEX_EXPRESSION, ')'))
        fail_expected(parser, peek(parser, LEX_EXPRESSION), "`)' after what %s is given",
                      call->name);
    if (function == FUNCTION_ADDR || function == FUNCTION_LOADADDR)
        *list_add(parser->arena, &parser->script->addressed) = call->text;
    bool is_plain =
        function == FUNCTION_MAX || function == FUNCTION_MIN || function == FUNCTION_LOG2CEIL;
    return is_plain ? folded(parser, call) : call;
}

static unsigned function_number(const struct token *name)
{
    unsigned function = 0;
    if (name->quoted || name->text[0] < 'A' || name->text[0] > 'S')
        return FUNCTION_COUNT;
    while (function < FUNCTION_COUNT && !is_word(name, script_functions[function].name))
        function++;
    return function;
}

/* ---- operands ---- */

static void fail_unknown_function(struct parser *parser, const struct token *name)
{
    struct spelling spelling = spelling_of(name->text, name->size);
    for (unsigned i = 0; i < FUNCTION_COUNT; i++)
        spelling_offer(&spelling, script_functions[i].name);
    fail_unknown(parser, name, "function", &spelling);
}

static struct expr *parse_name(struct parser *parser, const struct token *name)
{
    unsigned function = function_number(name);
    if (function < FUNCTION_COUNT)
        return parse_call(parser, function, &name->place);
    bool is_call = !parser->in_head && is_operator(peek(parser, LEX_EXPRESSION), '(');
    if (is_call && !name->quoted)
        fail_unknown_function(parser, name);
    return new_name(parser, copy_text(parser, name), &name->place);
}

/* `0xzz`, `1Q`, `12ab`: the longest number in it is not what was meant. */
static void check_number(struct parser *parser, const struct token *token)
{
    size_t size = token->size;
    while (lex_is_symbol_byte(token->text[size]) && token->text[size] != '/' &&
           token->text[size] != '~')
        size++;
    if (size != token->size)
        script_fail(parser, &token->place, "`%.*s' is no number", size > 40 ? 40 : (int)size,
                    token->text);
    if (token->is_cut && !(token->is_plain_hex && parser->in_fill))
        script_warn(parser, &token->place,
                    "this number needs more than 64 bits: 0x%llx is what is left",
                    (unsigned long long)token->number);
    if (token->is_bad_octal)
        script_warn(parser, &token->place,
                    "a number that begins with 0 is octal, and its digits end at 7: this is 0x%llx",
                    (unsigned long long)token->number);
}

static struct expr *parse_number(struct parser *parser, const struct token *token)
{
    check_number(parser, token);
    struct expr *expr = new_number(parser, token->number, &token->place);
    if (token->is_plain_hex)
        expr->text = token->text + 2;
    return expr;
}

static struct expr *parse_operand(struct parser *parser);

static struct expr *parse_unary(struct parser *parser, const struct token *operation)
{
    struct expr *operand = new_number(parser, 0, &operation->place);
    if (enter_nesting(parser, &operation->place))
        operand = parse_operand(parser);
    leave_nesting(parser);
    if (operation->operation == '+')
        return operand;
    struct expr *expr = new_expr(parser, EXPR_UNARY, &operation->place);
    expr->operation = operation->operation;
    expr->a = operand;
    return folded(parser, expr);
}

static struct expr *parse_operand(struct parser *parser)
{
    struct token token = take(parser, LEX_EXPRESSION);
    if (token.kind == TOKEN_NUMBER)
        return parse_number(parser, &token);
    if (token.kind == TOKEN_NAME)
        return parse_name(parser, &token);
    if (is_operator(&token, '(')) {
        struct expr *expr = parse_expression(parser);
        expect_operator(parser, LEX_EXPRESSION, ')', "the value");
        return expr;
    }
    bool is_unary = is_operator(&token, '-') || is_operator(&token, '~') ||
                    is_operator(&token, '!') || is_operator(&token, '+');
    if (is_unary)
        return parse_unary(parser, &token);
    fail_expected(parser, &token, "a value");
    return new_number(parser, 0, &token.place);
}

/* ---- operators ---- */

static int precedence(const struct token *token)
{
    if (token->kind != TOKEN_OPERATOR)
        return 0;
    switch (token->operation) {
    case OP2('|', '|'): return 1;
    case OP2('&', '&'): return 2;
    case '|': return 3;
    case '^': return 4;
    case '&': return 5;
    case OP2('=', '='):
    case OP2('!', '='): return 6;
    case '<':
    case '>':
    case OP2('<', '='):
    case OP2('>', '='): return 7;
    case OP2('<', '<'):
    case OP2('>', '>'): return 8;
    case '+':
    case '-': return 9;
    case '*':
    case '/':
    case '%': return 10;
    default: return 0;
    }
}

static struct expr *parse_operators(struct parser *parser, struct expr *left, int least);

static struct expr *parse_right(struct parser *parser, const struct token *operation, int least)
{
    struct expr *right = NULL;
    if (enter_nesting(parser, &operation->place))
        right = parse_operators(parser, parse_operand(parser), least);
    else
        right = new_number(parser, 0, &operation->place);
    leave_nesting(parser);
    return right;
}

/* What is joined to a left operand by operators that bind at least as tightly as `least`. */
static struct expr *parse_operators(struct parser *parser, struct expr *left, int least)
{
    for (;;) {
        int binds = precedence(peek(parser, LEX_EXPRESSION));
        if (binds < least)
            return left;
        struct token operation = take(parser, LEX_EXPRESSION);
        struct expr *right = parse_right(parser, &operation, binds + 1);
        left = new_binary(parser, operation.operation, left, right, &operation.place);
    }
}

/* condition ? a : b, from the question mark on. */
static struct expr *parse_choice(struct parser *parser, struct expr *condition)
{
    if (!accept_operator(parser, LEX_EXPRESSION, '?'))
        return condition;
    struct expr *expr = new_expr(parser, EXPR_TERNARY, &condition->place);
    expr->a = condition;
    expr->b = parse_expression(parser);
    expect_operator(parser, LEX_EXPRESSION, ':', "the value behind `?'");
    expr->c = parse_expression(parser);
    return folded(parser, expr);
}

/* Parentheses that an expression begins with are counted, not descended into: that is how generated
 * scripts nest them without end. What stands in the innermost one is the left operand of what
 * follows it, up to the parenthesis that closes it, and so on outwards. */
struct expr *parse_expression(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_EXPRESSION)->place;
    if (!enter_nesting(parser, &place)) {
        leave_nesting(parser);
        return new_number(parser, 0, &place);
    }
    size_t open = 0;
    while (accept_operator(parser, LEX_EXPRESSION, '('))
        open++;
    struct expr *expr = parse_operand(parser);
    for (;;) {
        expr = parse_choice(parser, parse_operators(parser, expr, 1));
        if (!open-- || !expect_operator(parser, LEX_EXPRESSION, ')', "the value"))
            break;
    }
    leave_nesting(parser);
    return expr;
}

struct expr *parse_value_in_parentheses(struct parser *parser)
{
    if (!accept_operator(parser, LEX_EXPRESSION, '('))
        fail_expected(parser, peek(parser, LEX_EXPRESSION), "`(' and a value");
    struct expr *expr = parse_expression(parser);
    expect_operator(parser, LEX_EXPRESSION, ')', "the value");
    return expr;
}

/* ---- fill patterns ---- */

/* Two digits a byte, the first alone when their number is odd. */
static struct fill fill_of_digits(struct parser *parser, const char *digits)
{
    size_t count = strspn(digits, "0123456789abcdefABCDEF");
    unsigned char *bytes = arena_alloc(parser->arena, (count + 1) / 2);
    for (size_t i = 0; i < count; i++) {
        unsigned char lower = (unsigned char)digits[i] | 32;
        unsigned digit = lower >= 'a' ? lower - 'a' + 10u : lower - (unsigned)'0';
        unsigned char *byte = &bytes[(i + count % 2) / 2];
        *byte = (unsigned char)(*byte << 4 | digit);
    }
    return (struct fill){bytes, (uint32_t)((count + 1) / 2)};
}

/* A pattern written 0x… has as many bytes as its digits make; any other value is four bytes, the
 * highest first (manual 3.6.8.8 "Output Section Fill"). */
struct fill parse_fill(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_EXPRESSION)->place;
    parser->in_fill = true;
    const struct expr *expr = parse_expression(parser);
    parser->in_fill = false;
    if (expr->kind == EXPR_NUMBER && expr->text)
        return fill_of_digits(parser, expr->text);
    struct value value = {.known = false};
    if (!parser->lexer.failed)
        value = constant_value(parser, expr);
    if (!value.known)
        script_fail(parser, &place, "a fill pattern must be a number, or made of numbers alone");
    unsigned char *bytes = arena_alloc(parser->arena, 4);
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (unsigned char)((uint64_t)value.number >> (24 - 8 * i));
    return (struct fill){bytes, 4};
}
