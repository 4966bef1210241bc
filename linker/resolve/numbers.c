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
 * leaves numbers in the table. (What is a number to lld was found by experiment.)
 *
 * Assignments are walked in their order, so that `x += x;` is the x before and costs nothing: to
 * lld once, and what the script assigns further down is a number yet; to GNU ld twice, and one that
 * stands further down is known in the second walk.
 *
 * Requires: settled globals. Provides: what script_number() and script_is_place() say, the same in
 * every step that asks. */
#include "ask.h"
#include "script/functions.h"
#include "steps.h"

static uint32_t named(const struct link *link, const char *name)
{
    return global_find_wrapped(link, name);
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

static struct value symbol_number(void *user, const char *name, bool *defined)
{
    const struct link *link = user;
    const struct value unknown = {.section = VALUE_NUMBER};
    uint32_t index = named(link, name);
    *defined = index != NONE;
    if (!*defined)
        return unknown;
    const struct global *global = &link->globals.at[index];
    bool is_defined = global->state == GLOBAL_DEFINED || global->state == GLOBAL_WEAK_DEFINED;
    if (is_defined && global->atom == NONE)
        return (struct value){(int64_t)global->value, VALUE_ABSOLUTE, .known = true};
    bool is_known = global->state == GLOBAL_SCRIPT && link->script_numbers[index].known;
    return is_known ? link->script_numbers[index] : unknown;
}

static void note_number(struct link *link, uint32_t index, const struct expr *expr)
{
    struct evaluation with = {.host = link->host,
                              .user = link,
                              .absolute_dot = link->set->lld,
                              .section = VALUE_ABSOLUTE,
                              .symbol = symbol_number};
    link->script_numbers[index] =
        is_plain(expr) ? expr_evaluate(expr, &with) : (struct value){.section = VALUE_NUMBER};
}

bool script_number(const struct link *link, uint32_t global, uint64_t *number)
{
    if (!link->globals.at[global].statement)
        return false;
    *number = (uint64_t)link->script_numbers[global].number;
    return link->script_numbers[global].known;
}

/* ---- lld ---- */

static bool is_place(const struct link *link, const struct expr *expr);

static bool names_place(const struct link *link, const char *name)
{
    uint32_t index = named(link, name);
    if (index == NONE)
        return false;
    const struct global *global = &link->globals.at[index];
    if (global->state == GLOBAL_SCRIPT)
        return script_is_place(link, index);
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

static bool spine_is_place(const struct link *link, const struct expr *expr)
{
    const struct expr *at = expr;
    while (at->a->kind == EXPR_BINARY)
        at = at->a;
    bool place = is_place(link, at->a);
    for (;; at = at->up) {
        place = join(at->operation, place, is_place(link, at->b));
        if (at == expr)
            return place;
    }
}

static bool call_is_place(const struct link *link, const struct expr *expr)
{
    switch (expr->operation) {
    case FUNCTION_ADDR: return true;
    case FUNCTION_ALIGN:
    case FUNCTION_BLOCK: return expr->b && is_place(link, expr->a);
    case FUNCTION_SEGMENT_START: return is_place(link, expr->a);
    default: return false;
    }
}

static bool is_place(const struct link *link, const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_DOT: return true;
    case EXPR_NAME: return names_place(link, expr->name);
    case EXPR_BINARY: return spine_is_place(link, expr);
    case EXPR_TERNARY: return is_place(link, expr->b) || is_place(link, expr->c);
    case EXPR_CALL: return call_is_place(link, expr);
    default: return false;
    }
}

bool script_is_place(const struct link *link, uint32_t global)
{
    return !link->globals.at[global].statement || link->script_places[global];
}

/* ---- both ---- */

static void look_at(struct link *link, const struct statement *assignment)
{
    uint32_t index = assigned_global(link, assignment);
    if (index == NONE)
        return;
    if (link->form.as_lld)
        link->script_places[index] = is_place(link, assignment->value);
    else
        note_number(link, index, assignment->value);
}

static void walk_assignments(struct link *link)
{
    for (size_t i = 0; i < link->defsyms.count; i++)
        look_at(link, link->defsyms.at[i]);
    for (const struct statement *s = link->script->commands; s; s = s->next) {
        if (s->kind == STATEMENT_ASSIGN)
            look_at(link, s);
        for (const struct statement *b = s->kind == STATEMENT_OUTPUT ? s->body : NULL; b;
             b = b->next)
            if (b->kind == STATEMENT_ASSIGN)
                look_at(link, b);
    }
}

void settle_numbers(struct link *link)
{
    size_t count = link->globals.count + 1;
    link->script_numbers = NEW_ARRAY(&link->arena, struct value, count);
    link->script_places = NEW_ARRAY(&link->arena, bool, count);
    walk_assignments(link);
    if (!link->form.as_lld)
        walk_assignments(link);
}
