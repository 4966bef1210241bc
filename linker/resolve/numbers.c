/* SPDX-License-Identifier: MIT
 *
 * Symbols of the script that are numbers, as far as their expressions say so before layout.
 *
 *     big   = 0x100000000;      a number, and which
 *     end   = .;                a place
 *     size  = end - start;      a number, but which is known after layout
 *
 * An instruction that loads its address from the global offset table may be given a place's
 * address, which is near. A number may be anywhere: GNU ld looks at it, if it knows it by then; lld
 * leaves numbers in the table. (What is a number to lld was found by experiment; to it, what the
 * script assigns further down is a number yet.) */
#include "ask.h"
#include "script/functions.h"

enum { MOST_NAMES = 64 }; /* x = y; y = x; */

struct asked {
    const struct link *link;
    unsigned depth;
};

static const struct global *named(const struct link *link, const char *name)
{
    uint32_t index = global_find_wrapped(link, name);
    return index == NONE ? NULL : &link->globals.at[index];
}

/* ---- GNU ld ---- */

/* Nothing but numbers and names. */
static bool is_plain(const struct expr *expr)
{
    for (; expr && expr->kind == EXPR_BINARY; expr = expr->a)
        if (!is_plain(expr->b))
            return false;
    if (!expr)
        return true;
    return expr->kind != EXPR_DOT && expr->kind != EXPR_CALL && is_plain(expr->a) &&
           is_plain(expr->b) && is_plain(expr->c);
}

static struct value number_of(const struct asked *asked, const struct global *global);

static struct value symbol_number(void *user, const char *name, bool *defined)
{
    const struct asked *asked = user;
    const struct global *global = named(asked->link, name);
    *defined = global != NULL;
    return global ? number_of(asked, global) : (struct value){.known = false};
}

static struct value number_of(const struct asked *asked, const struct global *global)
{
    const struct value unknown = {.section = VALUE_NUMBER};
    bool is_defined = global->state == GLOBAL_DEFINED || global->state == GLOBAL_WEAK_DEFINED;
    if (is_defined && global->atom == NONE)
        return (struct value){(int64_t)global->value, VALUE_ABSOLUTE, .known = true};
    if (global->state != GLOBAL_SCRIPT || !global->statement || asked->depth == MOST_NAMES ||
        !is_plain(global->statement->value))
        return unknown;
    struct asked deeper = {asked->link, asked->depth + 1};
    struct evaluation with = {.host = asked->link->host,
                              .user = &deeper,
                              .absolute_dot = asked->link->set->lld,
                              .section = VALUE_ABSOLUTE,
                              .symbol = symbol_number};
    return expr_evaluate(global->statement->value, &with);
}

bool script_number(const struct link *link, uint32_t global, uint64_t *number)
{
    const struct asked asked = {.link = link};
    struct value value = number_of(&asked, &link->globals.at[global]);
    *number = (uint64_t)value.number;
    return value.known;
}

/* ---- lld ---- */

static bool is_place(const struct link *link, const struct expr *expr, unsigned depth);

static bool names_place(const struct link *link, const char *name, unsigned depth)
{
    const struct global *global = named(link, name);
    if (!global || depth == MOST_NAMES)
        return false;
    if (global->state == GLOBAL_SCRIPT)
        return !global->statement || is_place(link, global->statement->value, depth + 1);
    return global->state == GLOBAL_COMMON || global->atom != NONE;
}

/* Sums and masks stay where they are; the distance of two places is a number. */
static bool join(uint16_t operation, bool a, bool b)
{
    switch (operation) {
    case '+':
    case '&':
    case '|':
    case '^': return a || b;
    case '-': return a && !b;
    default: return false;
    }
}

static bool spine_is_place(const struct link *link, const struct expr *expr, unsigned depth)
{
    const struct expr *at = expr;
    while (at->a->kind == EXPR_BINARY)
        at = at->a;
    bool place = is_place(link, at->a, depth);
    for (;; at = at->up) {
        place = join(at->operation, place, is_place(link, at->b, depth));
        if (at == expr)
            return place;
    }
}

static bool call_is_place(const struct link *link, const struct expr *expr, unsigned depth)
{
    switch (expr->operation) {
    case FUNCTION_ADDR: return true;
    case FUNCTION_ALIGN:
    case FUNCTION_BLOCK: return expr->b && is_place(link, expr->a, depth);
    case FUNCTION_SEGMENT_START: return is_place(link, expr->a, depth);
    default: return false;
    }
}

static bool is_place(const struct link *link, const struct expr *expr, unsigned depth)
{
    switch (expr->kind) {
    case EXPR_DOT: return true;
    case EXPR_NAME: return names_place(link, expr->name, depth);
    case EXPR_BINARY: return spine_is_place(link, expr, depth);
    case EXPR_TERNARY: return is_place(link, expr->b, depth) || is_place(link, expr->c, depth);
    case EXPR_CALL: return call_is_place(link, expr, depth);
    default: return false;
    }
}

bool script_is_place(const struct link *link, uint32_t global)
{
    const struct statement *statement = link->globals.at[global].statement;
    return !statement || is_place(link, statement->value, 0);
}
